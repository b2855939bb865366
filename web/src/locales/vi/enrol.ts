export const enrol = {
  hint: 'Một người, một hoặc nhiều ảnh.',
}
