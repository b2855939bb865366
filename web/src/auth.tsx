import { start } from './app/start.tsx'
import { SignInPage } from './session/sign-in-page.tsx'

void start(<SignInPage />)
