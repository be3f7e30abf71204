package dev.kiln.dockerfile.parser;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import dev.kiln.dockerfile.parser.Arguments.Pair;
import dev.kiln.dockerfile.text.Blank;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what follows an instruction's flags, each instruction in its own way. */
final class ArgumentsReader {

  private static final JsonMapper JSON = new JsonMapper();

  private final char escapeToken;

  ArgumentsReader(char escapeToken) {
    this.escapeToken = escapeToken;
  }

  /**
   * Reads the arguments of any instruction but ONBUILD.
   *
   * @throws DockerfileException without a place, if they are malformed
   */
  Arguments read(Keyword keyword, String rest) {
    return switch (keyword) {
      case ADD, COPY, VOLUME ->
          readJson(rest).<Arguments>map(json -> json).orElseGet(() -> readWords(rest));
      case RUN, CMD, ENTRYPOINT, SHELL -> readCommand(rest);
      case EXPOSE, FROM -> readWords(rest);
      case ENV, LABEL -> readPairs(keyword, rest);
      case ARG -> new Arguments.Words(QuotedWords.split(rest, escapeToken));
      case HEALTHCHECK -> readCheck(rest);
      case MAINTAINER, STOPSIGNAL, USER, WORKDIR -> readText(rest);
      case ONBUILD -> throw new IllegalArgumentException("ONBUILD holds an instruction");
    };
  }

  private static Arguments readText(String rest) {
    return rest.isEmpty() ? Arguments.none() : new Arguments.Text(rest);
  }

  private static Arguments readWords(String rest) {
    return rest.isEmpty()
        ? Arguments.none()
        : new Arguments.Words(List.of(Blank.IN_LINE.split(rest, -1)));
  }

  private static Arguments readCommand(String rest) {
    return readJson(rest).<Arguments>map(json -> json).orElseGet(() -> readText(rest));
  }

  /** Reads a JSON array; text that only resembles one gives nothing. */
  private static Optional<Arguments.Json> readJson(String rest) {
    if (!rest.startsWith("[")) {
      return Optional.empty();
    }
    JsonNode array;
    try {
      array = JSON.readTree(rest);
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      if (!element.isString()) {
        throw new DockerfileException(
            "when using JSON array syntax, arrays must be comprised of strings only");
      }
      words.add(element.stringValue());
    }
    return Optional.of(new Arguments.Json(words));
  }

  private static Arguments readCheck(String rest) {
    int end = 0;
    while (end < rest.length() && !Blank.isAscii(rest.charAt(end))) {
      end++;
    }
    return end == 0
        ? Arguments.none()
        : new Arguments.Check(
            rest.substring(0, end), readCommand(Blank.trimLeft(rest.substring(end))));
  }

  private Arguments readPairs(Keyword keyword, String rest) {
    List<String> words = QuotedWords.split(rest, escapeToken);
    if (words.isEmpty()) {
      return Arguments.none();
    }
    if (words.getFirst().indexOf('=') < 0) {
      return readLegacyPair(keyword, rest);
    }
    List<Pair> pairs = new ArrayList<>(words.size());
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new DockerfileException(
            "Syntax error - can't find = in " + quoted(word) + ". Must be of the form: name=value");
      }
      pairs.add(new Pair(word.substring(0, equals), word.substring(equals + 1), false));
    }
    return new Arguments.Pairs(pairs);
  }

  private static Arguments readLegacyPair(Keyword keyword, String rest) {
    String[] parts = Blank.IN_LINE.split(rest, 2);
    if (parts.length < 2) {
      throw new DockerfileException(keyword + " must have two arguments");
    }
    return new Arguments.Pairs(List.of(new Pair(parts[0], parts[1], true)));
  }
}
