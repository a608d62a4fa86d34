import Imaging

/// Letters of five by seven dots for labels in pictures: capitals, digits and a few signs. Small
/// letters are written as capitals; what is not drawn here shows as a frame.
enum PixelFont {
  /// Dots from one letter to the next, and the height of a letter.
  static let advance = 6
  static let height = 7

  /// Dots across `text`.
  static func width(of text: String) -> Int { max(text.count * advance - 1, 0) }

  /// Writes `text` with its top left dot at (x, y), each dot `scale × scale` pixels; what lies
  /// outside the picture is left out.
  static func draw(
    _ text: String, x: Int, y: Int, scale: Int, _ colour: (UInt8, UInt8, UInt8),
    on picture: inout ColourPicture
  ) {
    for (index, letter) in text.uppercased().enumerated() {
      let dots = Array((glyphs[letter] ?? frame).utf8.filter { $0 != 0x20 })
      for (dot, mark) in dots.enumerated() where mark == 0x23 {
        let left = x + (index * advance + dot % 5) * scale
        let top = y + dot / 5 * scale
        picture.fill(left: left, top: top, width: scale, height: scale, colour)
      }
    }
  }

  private static let frame = "##### #...# #...# #...# #...# #...# #####"

  /// Rows from the top; `#` is a dot.
  private static let glyphs: [Character: String] = [
    " ": "..... ..... ..... ..... ..... ..... .....",
    "A": ".###. #...# #...# ##### #...# #...# #...#",
    "B": "####. #...# #...# ####. #...# #...# ####.",
    "C": ".###. #...# #.... #.... #.... #...# .###.",
    "D": "####. #...# #...# #...# #...# #...# ####.",
    "E": "##### #.... #.... ####. #.... #.... #####",
    "F": "##### #.... #.... ####. #.... #.... #....",
    "G": ".###. #...# #.... #.### #...# #...# .####",
    "H": "#...# #...# #...# ##### #...# #...# #...#",
    "I": ".###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.",
    "J": "..### ...#. ...#. ...#. ...#. #..#. .##..",
    "K": "#...# #..#. #.#.. ##... #.#.. #..#. #...#",
    "L": "#.... #.... #.... #.... #.... #.... #####",
    "M": "#...# ##.## #.#.# #.#.# #...# #...# #...#",
    "N": "#...# ##..# ##..# #.#.# #..## #..## #...#",
    "O": ".###. #...# #...# #...# #...# #...# .###.",
    "P": "####. #...# #...# ####. #.... #.... #....",
    "Q": ".###. #...# #...# #...# #.#.# #..#. .##.#",
    "R": "####. #...# #...# ####. #.#.. #..#. #...#",
    "S": ".#### #.... #.... .###. ....# ....# ####.",
    "T": "##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..",
    "U": "#...# #...# #...# #...# #...# #...# .###.",
    "V": "#...# #...# #...# #...# .#.#. .#.#. ..#..",
    "W": "#...# #...# #...# #.#.# #.#.# ##.## #...#",
    "X": "#...# #...# .#.#. ..#.. .#.#. #...# #...#",
    "Y": "#...# #...# .#.#. ..#.. ..#.. ..#.. ..#..",
    "Z": "##### ....# ...#. ..#.. .#... #.... #####",
    "0": ".###. #...# #..## #.#.# ##..# #...# .###.",
    "1": "..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.",
    "2": ".###. #...# ....# ..##. .#... #.... #####",
    "3": ".###. #...# ....# ..##. ....# #...# .###.",
    "4": "...#. ..##. .#.#. #..#. ##### ...#. ...#.",
    "5": "##### #.... ####. ....# ....# #...# .###.",
    "6": ".###. #.... #.... ####. #...# #...# .###.",
    "7": "##### ....# ...#. ..#.. ..#.. .#... .#...",
    "8": ".###. #...# #...# .###. #...# #...# .###.",
    "9": ".###. #...# #...# .#### ....# ....# .###.",
    ".": "..... ..... ..... ..... ..... .##.. .##..",
    ",": "..... ..... ..... ..... .##.. ..#.. .#...",
    ":": "..... .##.. .##.. ..... .##.. .##.. .....",
    "-": "..... ..... ..... ##### ..... ..... .....",
    "+": "..... ..#.. ..#.. ##### ..#.. ..#.. .....",
    "_": "..... ..... ..... ..... ..... ..... #####",
    "/": "....# ....# ...#. ..#.. .#... #.... #....",
    "%": "##..# ##..# ...#. ..#.. .#... #..## #..##",
    "(": "...#. ..#.. .#... .#... .#... ..#.. ...#.",
    ")": ".#... ..#.. ...#. ...#. ...#. ..#.. .#...",
    "…": "..... ..... ..... ..... ..... ..... #.#.#",
  ]
}

extension ColourPicture {
  /// Sets pixel (x, y).
  mutating func set(_ x: Int, _ y: Int, _ colour: (UInt8, UInt8, UInt8)) {
    let at = 3 * (y * width + x)
    rgb[at] = colour.0
    rgb[at + 1] = colour.1
    rgb[at + 2] = colour.2
  }

  /// Fills a rectangle as far as it lies inside the picture.
  mutating func fill(
    left: Int, top: Int, width: Int, height: Int, _ colour: (UInt8, UInt8, UInt8)
  ) {
    let columns = (left..<left + width).clamped(to: 0..<self.width)
    for y in (top..<top + height).clamped(to: 0..<self.height) {
      for x in columns { set(x, y, colour) }
    }
  }
}
