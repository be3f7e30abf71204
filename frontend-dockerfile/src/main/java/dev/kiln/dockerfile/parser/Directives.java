package dev.kiln.dockerfile.parser;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks up parser directives in a file that need not be a Dockerfile. */
public final class Directives {

  private static final JsonMapper JSON = new JsonMapper();

  private Directives() {}

  /**
   * The {@code syntax} directive. Besides {@code # syntax=...} it is found as {@code // syntax=...}
   * and as the key of a JSON document, and behind a first line that starts with {@code #!}.
   */
  public static Optional<Directive> syntax(byte[] text) {
    Body body = Body.of(text);
    return body.find("syntax", "#")
        .or(() -> body.find("syntax", "//"))
        .or(() -> body.findInJson("syntax"));
  }

  /** The directive of that name in the form {@code # name=value} only. */
  public static Optional<Directive> find(String name, byte[] text) {
    return Body.of(text).find(name, "#");
  }

  /** A file without byte order mark and interpreter line. */
  private record Body(String text, int linesBefore) {

    static Body of(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
      if (!body.startsWith("#!")) {
        return new Body(body, 0);
      }
      int newline = body.indexOf('\n');
      return new Body(newline < 0 ? "" : body.substring(newline + 1), 1);
    }

    Optional<Directive> find(String name, String mark) {
      DirectiveParser parser = new DirectiveParser(mark, linesBefore);
      Lines lines = new Lines(text);
      try {
        while (lines.hasNext() && !parser.done()) {
          Optional<Directive> found = parser.next(Lines.withoutLineEnd(lines.next()));
          if (found.isPresent() && found.get().name().equals(name)) {
            return found;
          }
        }
      } catch (DockerfileException repeatedOrTooLong) {
        return Optional.empty(); // The parser proper reports it.
      }
      return Optional.empty();
    }

    Optional<Directive> findInJson(String name) {
      if (!text.stripLeading().startsWith("{")) {
        return Optional.empty();
      }
      try {
        JsonNode value = JSON.readTree(text).path(name);
        return value.isString()
            ? Optional.of(new Directive(name, value.stringValue(), Location.line(linesBefore + 1)))
            : Optional.empty();
      } catch (JacksonException notJson) {
        return Optional.empty();
      }
    }
  }
}
