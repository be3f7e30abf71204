package dev.kiln.cli.progress;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Terminal colours: blue for what is done, red for errors, yellow for what was cancelled. {@code
 * NO_COLOR} turns them off; {@code BUILDKIT_COLORS=run=green:error=255,0,0} changes them.
 */
public final class Colors {
  private static final List<String> NAMES =
      List.of("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white");

  /** None at all. */
  public static final Colors NONE = new Colors(Map.of());

  private final Map<Tone, String> codes;

  /** What a line is. */
  enum Tone {
    DONE,
    CANCELED,
    ERROR,
    WARNING
  }

  private Colors(Map<Tone, String> codes) {
    this.codes = codes;
  }

  /** The colours that the environment wants. */
  public static Colors of(Map<String, String> environment) {
    Map<Tone, String> codes = new EnumMap<>(Tone.class);
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return new Colors(codes);
    }
    codes.put(Tone.DONE, "34");
    codes.put(Tone.CANCELED, "33");
    codes.put(Tone.ERROR, "31");
    codes.put(Tone.WARNING, "33");
    for (String field : environment.getOrDefault("BUILDKIT_COLORS", "").split(":", -1)) {
      String[] pair = field.split("=", 2);
      String code = pair.length == 2 ? code(pair[1].toLowerCase(Locale.ROOT)) : "";
      Tone tone = tone(pair[0].toLowerCase(Locale.ROOT));
      if (!code.isEmpty() && tone != null) {
        codes.put(tone, code);
      }
    }
    return new Colors(codes);
  }

  private static @org.jspecify.annotations.Nullable Tone tone(String name) {
    return switch (name) {
      case "run" -> Tone.DONE;
      case "cancel" -> Tone.CANCELED;
      case "error" -> Tone.ERROR;
      case "warning" -> Tone.WARNING;
      default -> null;
    };
  }

  private static String code(String value) {
    boolean light = value.startsWith("light-");
    int index = NAMES.indexOf(light ? value.substring(6) : value);
    if (index >= 0) {
      return Integer.toString((light ? 90 : 30) + index);
    }
    return value.matches("[0-9]{1,3},[0-9]{1,3},[0-9]{1,3}")
        ? "38;2;" + value.replace(',', ';')
        : "";
  }

  String paint(Tone tone, String text) {
    String code = codes.get(tone);
    return code == null ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  /** Less bright, where colours are wanted at all. */
  String faint(String text) {
    return codes.isEmpty() ? text : "\u001b[2m" + text + "\u001b[0m";
  }

  /** In the colour of warnings. */
  public String warning(String text) {
    return paint(Tone.WARNING, text);
  }
}
