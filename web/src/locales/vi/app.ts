export const app = {
  name: 'nhandien',
  home: 'nhandien, trang đầu',
  tabs: 'Các trang',
  skipToContent: 'Tới nội dung chính',
  loading: 'Đang tải',
  pageNotFound: 'Không có trang này',
  pageNotFoundHint: 'Địa chỉ có thể đã bị gõ nhầm.',
  pageFailed: 'Trang này không hiển thị được',
  pageFailedHint: 'Có thể máy chủ vừa được cập nhật. Tải lại trang thường là đủ.',
  reload: 'Tải lại',
  tryAgain: 'Thử lại',
  close: 'Đóng',
  cancel: 'Hủy',
  save: 'Lưu',
  otherLanguage: 'English',
  lightColours: 'Nền sáng',
  darkColours: 'Nền tối',
}

export const tabs = {
  recognise: 'Nhận diện khuôn mặt',
  enrol: 'Thêm người mới',
  people: 'Danh sách người',
  monitor: 'Giám sát',
  admin: 'Quản trị',
  help: 'Trợ giúp',
}

export const tabsShort = {
  recognise: 'Nhận diện',
  enrol: 'Thêm mới',
  people: 'Danh sách',
  monitor: 'Giám sát',
  admin: 'Quản trị',
  help: 'Trợ giúp',
}

export const problems = {
  unknown: 'Có lỗi xảy ra. Hãy thử lại; nếu vẫn vậy, hãy báo người quản trị.',
  unreachable: 'Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.',
  retryAfter: (wait: string) => `Thử lại sau ${wait}.`,
}
