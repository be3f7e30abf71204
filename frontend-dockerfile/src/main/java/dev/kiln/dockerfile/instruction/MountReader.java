package dev.kiln.dockerfile.instruction;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.text.BooleanText;
import dev.kiln.dockerfile.text.ByteSize;
import dev.kiln.dockerfile.text.CsvFields;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the value of one {@code --mount} flag, key by key. */
final class MountReader {

  private static final List<String> KEYS =
      List.of(
          "type",
          "from",
          "source",
          "target",
          "readonly",
          "id",
          "sharing",
          "required",
          "size",
          "mode",
          "uid",
          "gid",
          "src",
          "dst",
          "destination",
          "ro",
          "rw",
          "readwrite",
          "env");
  private static final int OCTAL = 8;
  private static final int DECIMAL = 10;

  private MountType type = MountType.BIND;
  private String from = "";
  private String source = "";
  private String target = "";
  private @Nullable Boolean readOnly;
  private String id = "";
  private @Nullable CacheSharing sharing;
  private long sizeBytes;
  private boolean required;
  private @Nullable String env;
  private @Nullable Long mode;
  private @Nullable Long uid;
  private @Nullable Long gid;

  private MountReader() {}

  /**
   * Reads the flag with its variables expanded.
   *
   * @throws DockerfileException if the flag is malformed
   */
  static RunMount read(String flag, WordExpander words) {
    MountReader reader = new MountReader();
    for (String field : fields(flag)) {
      int equals = field.indexOf('=');
      if (equals < 0) {
        reader.readWord(field.toLowerCase(Locale.ROOT), field);
      } else {
        String key = field.substring(0, equals).toLowerCase(Locale.ROOT);
        reader.readKey(key, words.expand(field.substring(equals + 1)), field);
      }
    }
    reader.validate();
    return reader.mount();
  }

  /**
   * Reads only where the mount comes from, which must not depend on variables.
   *
   * @throws DockerfileException if the flag is not a list of fields, or {@code from} has a variable
   */
  static RunMount readUnexpanded(String flag) {
    MountReader reader = new MountReader();
    for (String field : fields(flag)) {
      int equals = field.indexOf('=');
      if (equals < 0 || !field.substring(0, equals).equalsIgnoreCase("from")) {
        continue;
      }
      String value = field.substring(equals + 1);
      int dollar = value.indexOf('$');
      if (dollar >= 0 && dollar != value.length() - 1) {
        throw new DockerfileException(
            "'from' doesn't support variable expansion, define alias stage instead");
      }
      reader.from = value;
    }
    return reader.mount();
  }

  private static List<String> fields(String flag) {
    try {
      return CsvFields.of(flag);
    } catch (IllegalArgumentException malformed) {
      throw new DockerfileException("failed to parse csv mounts: " + malformed.getMessage());
    }
  }

  private void readWord(String key, String field) {
    switch (key) {
      case "readonly", "ro" -> readOnly = true;
      case "readwrite", "rw" -> readOnly = false;
      case "required" -> {
        requireType(key, type == MountType.SECRET || type == MountType.SSH);
        required = true;
      }
      default ->
          throw new DockerfileException("invalid field '" + field + "' must be a key=value pair");
    }
  }

  private void readKey(String key, String value, String field) {
    switch (key) {
      case "type" -> type = readType(value);
      case "from" -> from = value;
      case "source", "src" -> source = value;
      case "target", "dst", "destination" -> target = value;
      case "readonly", "ro" -> readOnly = readBoolean(key, value);
      case "readwrite", "rw" -> readOnly = !readBoolean(key, value);
      case "required" -> {
        requireType(key, type == MountType.SECRET || type == MountType.SSH);
        required = readBoolean(key, value);
      }
      case "size" -> {
        requireType(key, type == MountType.TMPFS);
        sizeBytes = ByteSize.parse(value).orElseThrow(() -> invalid(key, value));
      }
      case "id" -> id = value;
      case "sharing" -> sharing = readSharing(value);
      case "mode" -> mode = readNumber(key, value, OCTAL);
      case "uid" -> uid = readNumber(key, value, DECIMAL);
      case "gid" -> gid = readNumber(key, value, DECIMAL);
      case "env" -> env = value;
      default ->
          throw new DockerfileException(
              Suggestion.append(
                  "unexpected key '" + key + "' in '" + field + "'", key, KEYS, true));
    }
  }

  private void requireType(String key, boolean fits) {
    if (!fits) {
      throw new DockerfileException(
          "unexpected key '" + key + "' for mount type '" + type.word() + "'");
    }
  }

  private static MountType readType(String value) {
    return Stream.of(MountType.values())
        .filter(known -> known.word().equals(value.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new DockerfileException(
                    Suggestion.append(
                        "unsupported mount type " + quoted(value),
                        value,
                        Stream.of(MountType.values()).map(MountType::word).toList(),
                        true)));
  }

  private static CacheSharing readSharing(String value) {
    return Stream.of(CacheSharing.values())
        .filter(known -> known.word().equals(value.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new DockerfileException(
                    Suggestion.append(
                        "unsupported sharing value " + quoted(value),
                        value,
                        Stream.of(CacheSharing.values()).map(CacheSharing::word).toList(),
                        true)));
  }

  private static boolean readBoolean(String key, String value) {
    return BooleanText.parse(value).orElseThrow(() -> invalid(key, value));
  }

  private static DockerfileException invalid(String key, String value) {
    return new DockerfileException("invalid value for " + key + ": " + value);
  }

  private static long readNumber(String key, String value, int radix) {
    try {
      if (!value.startsWith("+")) {
        return Integer.toUnsignedLong(Integer.parseUnsignedInt(value, radix));
      }
    } catch (NumberFormatException malformed) {
      // reported below
    }
    throw new DockerfileException("invalid value " + value + " for " + key);
  }

  private void validate() {
    if (type == MountType.BIND || type == MountType.TMPFS) {
      forbidFileAttribute("mode", mode);
      forbidFileAttribute("uid", uid);
      forbidFileAttribute("gid", gid);
    }
    if (type == MountType.SECRET) {
      validateSecret();
    }
    if (sharing != null && type != MountType.CACHE) {
      throw new DockerfileException("invalid cache sharing set for " + type.word() + " mount");
    }
  }

  private void forbidFileAttribute(String key, @Nullable Long value) {
    if (value != null) {
      throw new DockerfileException(
          key + " not allowed for " + quoted(type.word()) + " type mounts");
    }
  }

  private void validateSecret() {
    if (!from.isEmpty()) {
      throw new DockerfileException("secret mount should not have a from");
    }
    if (sharing != null) {
      throw new DockerfileException("secret mount should not define sharing");
    }
    if (source.isEmpty() && target.isEmpty() && id.isEmpty()) {
      throw new DockerfileException("invalid secret mount. one of source, target required");
    }
    if (!source.isEmpty() && !id.isEmpty()) {
      throw new DockerfileException("both source and id can't be set");
    }
  }

  private RunMount mount() {
    boolean defaultReadOnly = type != MountType.CACHE && type != MountType.TMPFS;
    return new RunMount(
        type,
        from,
        source,
        target,
        readOnly == null ? defaultReadOnly : readOnly,
        id,
        sharing,
        sizeBytes,
        required,
        env,
        mode,
        uid,
        gid);
  }
}
