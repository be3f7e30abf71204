package dev.kiln.dockerfile.parser;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The words that start an instruction. */
public enum Keyword {
  ADD,
  ARG,
  CMD,
  COPY,
  ENTRYPOINT,
  ENV,
  EXPOSE,
  FROM,
  HEALTHCHECK,
  LABEL,
  MAINTAINER,
  ONBUILD,
  RUN,
  SHELL,
  STOPSIGNAL,
  USER,
  VOLUME,
  WORKDIR;

  private static final Map<String, Keyword> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Keyword::name, Function.identity()));

  /** The keyword written so, in any case. */
  public static Optional<Keyword> of(String word) {
    return Optional.ofNullable(BY_NAME.get(word.toUpperCase(Locale.ROOT)));
  }

  /** All keywords in upper case. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Keyword::name).toList();
  }

  /** True for instructions that may be followed by here-documents. */
  boolean takesHeredocs() {
    return this == ADD || this == COPY || this == RUN;
  }
}
