/// Why a PNG could not be read; every case names the file first.
public enum PNGError: Error, Hashable, CustomStringConvertible {
  case notFound(path: String)
  /// It was there when the batch was listed and is gone, or shrank, while being read.
  case vanished(path: String)
  case isFolder(path: String)
  /// A pipe, socket or device.
  case notAFile(path: String)
  case noPermission(path: String)
  case empty(path: String)
  case notPNG(path: String)
  /// The file ends before the image does.
  case truncated(path: String, rowsRead: Int, of: Int)
  /// The file of an interlaced image ends before its last pass does.
  case truncatedInterlaced(path: String, passesRead: Int)
  /// The file grew or changed while it was read.
  case stillBeingWritten(path: String)
  case corrupt(path: String, reason: String)
  case tooLarge(path: String, width: Int, height: Int, maximumPixels: Int)
  /// An interlaced image whose samples, all held at a time, take too much memory.
  case tooManySamples(path: String, bytes: Int, maximum: Int)
  case tooManyBytes(path: String, bytes: Int, maximum: Int)
  /// The system refused to read on; `code` is errno.
  case readFailed(path: String, code: Int32)

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file; check the path"
    case .vanished(let path): "\(path): the file went away while being read; send it again"
    case .isFolder(let path): "\(path): this is a folder, expected a PNG file; give its images"
    case .notAFile(let path):
      "\(path): this is a pipe or a device, expected a PNG file; write the image to a file"
    case .noPermission(let path): "\(path): reading is not permitted; change the file's permissions"
    case .empty(let path):
      "\(path): the file is empty; wait for the writer to finish or send the image again"
    case .notPNG(let path): "\(path): not a PNG file; convert the image to PNG"
    case .truncated(let path, _, 0):
      "\(path): the file ends inside its header; "
        + "wait for the writer to finish or send the image again"
    case .truncated(let path, let rows, let height):
      "\(path): the file ends after row \(rows) of \(height); "
        + "wait for the writer to finish or send the image again"
    case .truncatedInterlaced(let path, let passes):
      "\(path): the file ends in pass \(passes + 1) of 7 of its interlacing; "
        + "wait for the writer to finish or send the image again"
    case .stillBeingWritten(let path):
      "\(path): the file changed while it was read; wait for the writer to finish"
    case .corrupt(let path, let reason):
      "\(path): the PNG is damaged (\(reason)); send the image again"
    case .tooLarge(let path, let width, let height, let maximum):
      "\(path): \(width) × \(height) pixels are more than the limit of \(maximum); "
        + "raise it with --max-pixels"
    case .tooManySamples(let path, let bytes, let maximum):
      "\(path): the interlaced image needs \(bytes) bytes at a time, more than the limit of "
        + "\(maximum); write it without interlacing or raise the limit with --max-pixels"
    case .tooManyBytes(let path, let bytes, let maximum):
      "\(path): \(bytes) bytes are more than the limit of \(maximum); "
        + "write the image with fewer pixels or better compression"
    case .readFailed(let path, let code):
      "\(path): reading failed (error \(code)); check the disk or the network"
    }
  }
}
