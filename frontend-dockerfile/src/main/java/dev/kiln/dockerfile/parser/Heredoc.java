package dev.kiln.dockerfile.parser;

/**
 * A here-document attached to an instruction.
 *
 * @param name the terminator word without quotes; for COPY and ADD also the file name
 * @param fileDescriptor number written before {@code <<}, 0 if absent
 * @param expand false when the terminator word was quoted
 * @param chomp true for {@code <<-}: leading tabs are to be removed from each line
 * @param content the text between the instruction and the terminator, line ends included, as
 *     written
 */
public record Heredoc(
    String name, int fileDescriptor, boolean expand, boolean chomp, String content) {

  /** The content with leading tabs removed if the document asked for it. */
  public String text() {
    return chomp ? chomped(content) : content;
  }

  /** The same document with its content. */
  public Heredoc withContent(String text) {
    return new Heredoc(name, fileDescriptor, expand, chomp, text);
  }

  /** Removes the tabs at the start of each line. */
  public static String chomped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean lineStart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (lineStart && c == '\t') {
        continue;
      }
      lineStart = c == '\n';
      out.append(c);
    }
    return out.toString();
  }
}
