export const recognise = {
  hint: 'Choose, drop, paste or take a photo to see who it is.',
}
