import type { RefusalCode } from '../../domain/errors.ts'
import type { Language } from './language.ts'

/** A sentence in every language; `{name}` stands for the detail of that name. */
export type Sentence = Readonly<Record<Language, string>>

/** What a person reads when something is refused. */
export const MESSAGES: Readonly<Record<RefusalCode, Sentence>> = {
  'no-face': { vi: 'Không tìm thấy khuôn mặt nào trong ảnh.', en: 'No face was found in the photo.' },
  'several-faces': {
    vi: 'Ảnh có {faces} khuôn mặt; hãy gửi ảnh chỉ có một người.',
    en: 'The photo shows {faces} faces; send one with a single person.',
  },
  'quality-too-low': {
    vi: 'Chất lượng khuôn mặt chưa đủ để đăng ký: {reason}.',
    en: 'The face is not good enough to be enrolled: {reason}.',
  },
  'image-unreadable': {
    vi: 'Không đọc được ảnh; tệp có thể bị hỏng hoặc chưa đầy đủ.',
    en: 'The photo cannot be read; the file may be damaged or incomplete.',
  },
  'image-too-large': { vi: 'Ảnh quá lớn.', en: 'The photo is too large.' },
  'image-unsupported': {
    vi: 'Định dạng ảnh không được hỗ trợ; hãy dùng JPEG, PNG hoặc WebP.',
    en: 'This kind of file is not supported; send JPEG, PNG or WebP.',
  },
  'body-malformed': { vi: 'Yêu cầu không đúng định dạng.', en: 'The request is malformed.' },
  'body-too-large': { vi: 'Dữ liệu gửi lên quá lớn.', en: 'The request body is too large.' },
  'body-unsupported': {
    vi: 'Kiểu dữ liệu gửi lên không được hỗ trợ; hãy dùng JSON, form hoặc multipart.',
    en: 'This kind of body is not supported; send JSON, a form or multipart.',
  },
  'field-missing': { vi: 'Thiếu trường {field}.', en: 'The field {field} is missing.' },
  'field-invalid': { vi: 'Trường {field} không hợp lệ: {reason}.', en: 'The field {field} is invalid: {reason}.' },
  'file-invalid': { vi: 'Tệp ở trường {field} không hợp lệ: {reason}.', en: 'The file {field} is invalid: {reason}.' },
  'credentials-invalid': {
    vi: 'Tên đăng nhập hoặc mật khẩu không đúng.',
    en: 'The username or the password is wrong.',
  },
  'token-missing': { vi: 'Bạn cần đăng nhập.', en: 'You need to sign in.' },
  'token-invalid': {
    vi: 'Phiên đăng nhập không hợp lệ; hãy đăng nhập lại.',
    en: 'The session is not valid; sign in again.',
  },
  'token-expired': {
    vi: 'Phiên đăng nhập đã hết hạn; hãy đăng nhập lại.',
    en: 'The session has ended; sign in again.',
  },
  'account-locked': {
    vi: 'Tài khoản đang bị khóa; hãy thử lại sau.',
    en: 'The account is locked; try again later.',
  },
  'username-taken': { vi: 'Tên đăng nhập đã được sử dụng.', en: 'The username is taken.' },
  'account-not-found': { vi: 'Không tìm thấy tài khoản.', en: 'There is no such account.' },
  'last-admin': {
    vi: 'Không thể xóa, khóa hoặc hạ quyền quản trị viên cuối cùng.',
    en: 'The last administrator cannot be removed, locked or demoted.',
  },
  'password-unfit': { vi: 'Mật khẩu chưa phù hợp: {reason}.', en: 'The password will not do: {reason}.' },
  forbidden: { vi: 'Bạn không có quyền thực hiện việc này.', en: 'Your account may not do this.' },
  'person-not-found': { vi: 'Không tìm thấy người này.', en: 'There is no such person.' },
  'image-not-found': { vi: 'Không tìm thấy ảnh này.', en: 'There is no such image.' },
  'crop-not-found': { vi: 'Ảnh này không được lưu lại.', en: 'No picture is kept of this image.' },
  'image-id-taken': { vi: 'image_id đã tồn tại.', en: 'The image_id is taken.' },
  'already-enrolled': {
    vi: 'Khuôn mặt này đã được đăng ký cho người khác.',
    en: 'This face is already enrolled under another person.',
  },
  'template-invalid': { vi: 'Đặc trưng khuôn mặt không hợp lệ.', en: 'The template is invalid.' },
  'model-refused': { vi: 'Mô hình không được chấp nhận.', en: 'The model was refused.' },
  'confirmation-required': {
    vi: 'Cần xác nhận: gửi thêm {field}=true.',
    en: 'Confirmation is required: send {field}=true as well.',
  },
  'too-many-requests': { vi: 'Quá nhiều yêu cầu; hãy thử lại sau.', en: 'Too many requests; try again later.' },
  overloaded: { vi: 'Máy chủ đang quá tải; hãy thử lại sau.', en: 'The server is overloaded; try again later.' },
  'not-ready': { vi: 'Máy chủ chưa sẵn sàng; hãy thử lại sau.', en: 'The server is not ready; try again later.' },
  'route-not-found': { vi: 'Không có địa chỉ này.', en: 'There is nothing at this address.' },
  'method-not-allowed': {
    vi: 'Địa chỉ này không nhận phương thức đã dùng.',
    en: 'This address does not take this method.',
  },
  'request-timeout': { vi: 'Yêu cầu gửi lên quá chậm.', en: 'The request took too long to arrive.' },
  'headers-too-large': { vi: 'Phần đầu của yêu cầu quá lớn.', en: 'The request headers are too large.' },
  internal: { vi: 'Lỗi máy chủ.', en: 'The server failed.' },
}

/** What stands for `{reason}`, keyed by the reason that a refusal's details give. */
export const REASONS: Readonly<Record<string, Sentence>> = {
  'control-characters': { vi: 'có ký tự không được phép', en: 'it holds characters that are not text' },
  'too-long': { vi: 'dài quá {max} ký tự', en: 'it is longer than {max} characters' },
  'too-short': { vi: 'ngắn hơn {min} ký tự', en: 'it is shorter than {min} characters' },
  common: {
    vi: 'nằm trong số những mật khẩu thường bị đoán nhất',
    en: 'it is among the passwords that are tried first',
  },
  username: { vi: 'trùng với tên đăng nhập', en: 'it is the username' },
  characters: {
    vi: 'chỉ gồm chữ, số và . _ @ + -, bắt đầu bằng chữ hoặc số',
    en: 'it takes letters, digits and . _ @ + -, and begins with a letter or digit',
  },
  empty: { vi: 'đang để trống', en: 'it is empty' },
  'out-of-range': { vi: 'phải từ {min} đến {max}', en: 'it must be from {min} to {max}' },
  'not-an-integer': { vi: 'phải là số nguyên', en: 'it must be a whole number' },
  'not-a-number': { vi: 'phải là một số', en: 'it must be a number' },
  'not-a-flag': { vi: 'phải là true hoặc false', en: 'it must be true or false' },
  'not-text': { vi: 'phải là văn bản', en: 'it must be text' },
  'not-a-date': { vi: 'phải là ngày giờ theo ISO 8601', en: 'it must be a date or time in ISO 8601' },
  'not-one-of': { vi: 'phải là một trong: {choices}', en: 'it must be one of: {choices}' },
  'given-twice': {
    vi: 'được gửi nhiều lần với giá trị khác nhau',
    en: 'it was given more than once, with different values',
  },
  'same-person': { vi: 'phải là một người khác', en: 'it must be somebody else' },
  'too-many-values': { vi: 'chỉ được gửi tối đa {max} giá trị', en: 'at most {max} values may be sent' },
  'not-a-file': {
    vi: 'phải là tệp ảnh gửi bằng multipart/form-data',
    en: 'it must be a photo sent as multipart/form-data',
  },
  'one-file-only': { vi: 'chỉ được gửi một tệp', en: 'only one file may be sent' },
  'too-many-files': { vi: 'chỉ được gửi tối đa {max} tệp', en: 'at most {max} files may be sent' },
  'one-photo-only': { vi: 'chỉ dùng được khi gửi một ảnh', en: 'it can only be given with a single photo' },
  'not-of-this-image': { vi: 'không phải là người trong ảnh này', en: 'it is not the person of this image' },
  'secret-in-url': {
    vi: 'không được gửi mã đăng nhập hay mật khẩu trong địa chỉ',
    en: 'tokens and passwords must never be sent in the address',
  },
  'one-of-two': { vi: 'không gửi cùng lúc ảnh thứ hai và class_id', en: 'send a second photo or a class_id, not both' },
  'too-small': { vi: 'khuôn mặt quá nhỏ', en: 'the face is too small' },
  'too-dark': { vi: 'ảnh quá tối', en: 'it is too dark' },
  'too-bright': { vi: 'ảnh quá sáng', en: 'it is too bright' },
  blurred: { vi: 'ảnh bị mờ', en: 'it is blurred' },
  'turned-away': { vi: 'khuôn mặt quay sang bên', en: 'the face is turned away' },
  tilted: { vi: 'khuôn mặt ngẩng hoặc cúi quá nhiều', en: 'the face looks too far up or down' },
}

export const REASON_UNKNOWN: Sentence = { vi: 'giá trị không dùng được', en: 'the value cannot be used' }
