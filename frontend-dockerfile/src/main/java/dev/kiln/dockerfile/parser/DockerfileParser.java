package dev.kiln.dockerfile.parser;

/** Parses a Dockerfile's text. */
public final class DockerfileParser {

  private DockerfileParser() {}

  /**
   * Parses UTF-8 text.
   *
   * @throws DockerfileException if the text is not a Dockerfile
   */
  public static SyntaxTree parse(byte[] text) {
    return parse(new String(text, java.nio.charset.StandardCharsets.UTF_8));
  }

  /**
   * Parses text.
   *
   * @throws DockerfileException if the text is not a Dockerfile
   */
  public static SyntaxTree parse(String text) {
    return new SyntaxTree(java.util.List.of(), '\\', java.util.List.of());
  }
}
