export const help = {
  hint: 'A short guide for everyday use.',
  boxed: { description: 'A photo with two faces: one person recognised, one not', name: 'Nguyễn Văn An' },
  recognise: {
    title: 'Recognise somebody',
    steps: [
      'Open the page Recognise. Drop a photo, paste it with Ctrl+V, choose a file, or take one with the camera.',
      'Every face gets a box: a green one with a name is recognised, a yellow one with a question mark is not.',
      'Click a box to see the five nearest people and how near they are.',
      'Choose several photos at once to get a list that can be filtered and exported as CSV.',
    ],
  },
  score: {
    title: 'What do score and threshold mean?',
    above: 'The same person: the bar passes the mark',
    below: 'Not alike enough: it stays before the mark',
    paragraphs: [
      'The score tells how much two faces resemble each other. The mark in the middle of the bar is the threshold: beyond it, they count as the same person.',
      'The farther from the mark, the surer. Near it, look at the pictures and decide yourself: the machine errs, most of all with relatives and bad photos.',
    ],
  },
  photos: {
    title: 'What is a good photo?',
    intro:
      'The better the photos one enrols, the better people are recognised. Two or three from different days are enough.',
    kinds: {
      good: 'Facing us, well lit, sharp',
      small: 'The face is too small',
      dark: 'Too dark',
      blurred: 'Blurred',
      turned: 'Turned away',
      several: 'Several people',
    },
  },
  enrol: {
    title: 'Enrol a person',
    steps: [
      'Sign in with an account whose role is editor or above, and open Enrol a person.',
      'Fill in the name and what else is known, add one or several photos. Advice on quality stands below each.',
      'Where the face is known under another name, both pictures are shown side by side, and you choose.',
      'Edit people, add photos or delete them on the page People.',
    ],
  },
  problems: {
    title: 'When something goes wrong',
    list: [
      [
        '“No face was found”',
        'It may be too small, too dark or covered. Take the photo again, nearer and in good light.',
      ],
      ['Somebody enrolled is not recognised', 'Add a recent photo of them, taken where they are to be recognised.'],
      [
        'Somebody is taken for another',
        'Look at the stored photos of both; delete those that are bad or of the wrong person.',
      ],
      ['The camera does not open', 'Allow it in the browser; the page must come over https or from the server itself.'],
      ['“The server is overloaded”', 'Wait a few seconds and try again. If it happens often, tell the administrator.'],
    ] as readonly (readonly [string, string])[],
  },
  privacy: {
    title: 'Whose data it is',
    paragraphs: [
      'Photos that are sent to be recognised are not kept. Of those that are enrolled only the face is, and the numbers that describe it.',
      'Whatever is added, changed or removed is recorded with the account that did it. Deleting a person deletes their photos and numbers for good.',
      'The system can’t tell a living person from a picture of one: where it matters, somebody must watch.',
    ],
  },
  developers: {
    title: 'For developers',
    intro: 'All that these pages do goes through a documented HTTP interface.',
    link: 'API documentation',
  },
}
