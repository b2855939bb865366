export const admin = {
  hint: 'Tài khoản, nhật ký, mô hình và dữ liệu.',
}
