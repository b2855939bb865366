/** What is known of a person, wherever it is shown or asked for. */
export const person = {
  id: 'Id',
  name: 'Name',
  age: 'Age',
  gender: 'Gender',
  genders: { male: 'Male', female: 'Female', other: 'Other' },
  residence: 'Residence',
  photos: 'Photos',
}

/** What must be typed before something goes for good. */
export const typedConfirmation = {
  label: (word: string) => `Type “${word}” to confirm`,
}

export const alreadyEnrolled = {
  title: (name: string) => `This face is enrolled already: ${name}`,
  yourPhoto: 'Your photo',
  question: 'Do the two pictures show the same person?',
  same: (name: string) => `Same person: add the photo to ${name}`,
  other: 'Somebody else: enrol all the same',
}
