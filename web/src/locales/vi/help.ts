export const help = {
  hint: 'Hướng dẫn ngắn cho người dùng hằng ngày.',
  boxed: { description: 'Ảnh có hai khuôn mặt: một người được nhận ra, một người chưa', name: 'Nguyễn Văn An' },
  recognise: {
    title: 'Nhận diện một người',
    steps: [
      'Mở trang Nhận diện khuôn mặt. Kéo ảnh vào, dán bằng Ctrl+V, chọn tệp, hoặc chụp bằng máy ảnh.',
      'Mỗi khuôn mặt có một khung: khung xanh có tên là đã nhận ra, khung vàng có dấu hỏi là chưa.',
      'Bấm vào một khung để xem năm người giống nhất và điểm của từng người.',
      'Chọn nhiều ảnh cùng lúc để có một danh sách có thể lọc và xuất ra CSV.',
    ],
  },
  score: {
    title: 'Điểm và ngưỡng nghĩa là gì?',
    above: 'Cùng một người: thanh vượt qua vạch',
    below: 'Chưa đủ giống: thanh chưa tới vạch',
    paragraphs: [
      'Điểm cho biết hai khuôn mặt giống nhau đến đâu. Vạch đứng ở giữa thanh là ngưỡng: vượt qua vạch thì được coi là cùng một người.',
      'Thanh càng xa vạch thì kết quả càng chắc. Gần vạch, hãy nhìn ảnh và tự quyết định: máy có thể nhầm, nhất là với người thân hoặc ảnh xấu.',
    ],
  },
  photos: {
    title: 'Ảnh thế nào là tốt?',
    intro: 'Ảnh đăng ký càng tốt thì nhận diện càng đúng. Hai hoặc ba ảnh chụp vào những lúc khác nhau là đủ.',
    kinds: {
      good: 'Nhìn thẳng, đủ sáng, rõ nét',
      small: 'Khuôn mặt quá nhỏ',
      dark: 'Quá tối',
      blurred: 'Bị mờ',
      turned: 'Quay sang bên',
      several: 'Nhiều người trong ảnh',
    },
  },
  enrol: {
    title: 'Thêm người mới',
    steps: [
      'Đăng nhập bằng tài khoản có vai trò Biên tập trở lên, mở trang Thêm người mới.',
      'Điền tên và thông tin, thêm một hoặc nhiều ảnh. Lời khuyên về chất lượng hiện ngay dưới mỗi ảnh.',
      'Nếu khuôn mặt đã có dưới tên khác, hai ảnh được đặt cạnh nhau để bạn chọn.',
      'Sửa, thêm ảnh hoặc xóa người trong trang Danh sách người.',
    ],
  },
  problems: {
    title: 'Khi có trục trặc',
    list: [
      ['“Không tìm thấy khuôn mặt”', 'Khuôn mặt có thể quá nhỏ, quá tối hoặc bị che. Chụp lại gần hơn, đủ sáng.'],
      [
        'Người đã đăng ký mà không được nhận ra',
        'Thêm cho người đó một ảnh mới chụp gần đây, trong điều kiện giống nơi nhận diện.',
      ],
      ['Nhận nhầm người', 'Kiểm tra ảnh đã lưu của cả hai người; xóa ảnh xấu hoặc ảnh nhầm người.'],
      [
        'Máy ảnh không mở được',
        'Cho phép máy ảnh trong trình duyệt; trang phải được mở qua https hoặc trên chính máy chủ.',
      ],
      ['“Máy chủ đang quá tải”', 'Đợi vài giây rồi thử lại. Nếu xảy ra thường xuyên, báo người quản trị.'],
    ] as readonly (readonly [string, string])[],
  },
  privacy: {
    title: 'Dữ liệu của mọi người',
    paragraphs: [
      'Ảnh gửi lên để nhận diện không được lưu lại. Ảnh đăng ký chỉ được giữ phần khuôn mặt và các con số đặc trưng của nó.',
      'Mọi thao tác thêm, sửa, xóa đều được ghi lại cùng tên tài khoản. Xóa một người là xóa hẳn ảnh và đặc trưng của người đó.',
      'Hệ thống không phân biệt được người thật với ảnh chụp lại: ở nơi quan trọng, phải có người trông.',
    ],
  },
  developers: {
    title: 'Cho người lập trình',
    intro: 'Mọi việc các trang này làm đều qua một giao diện HTTP có tài liệu đầy đủ.',
    link: 'Tài liệu API',
  },
}
