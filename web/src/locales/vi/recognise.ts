export const recognise = {
  hint: 'Chọn, kéo thả, dán hoặc chụp ảnh để biết đó là ai.',
}
