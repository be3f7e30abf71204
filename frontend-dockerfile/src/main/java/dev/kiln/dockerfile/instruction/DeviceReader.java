package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.text.BooleanText;
import dev.kiln.dockerfile.text.CsvFields;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.List;
import java.util.Locale;

/** Reads the value of a {@code --device} flag: {@code [name=]device[,required[=bool]]}. */
final class DeviceReader {

  private String name = "";
  private boolean required;

  private DeviceReader() {}

  /**
   * Reads the flag.
   *
   * @throws DockerfileException if it is malformed
   */
  static RunDevice read(String flag) {
    DeviceReader reader = new DeviceReader();
    fields(flag).forEach(reader::readField);
    return new RunDevice(reader.name, reader.required);
  }

  private static List<String> fields(String flag) {
    try {
      return CsvFields.of(flag);
    } catch (IllegalArgumentException malformed) {
      throw new DockerfileException("failed to parse csv devices: " + malformed.getMessage());
    }
  }

  private void readField(String field) {
    int equals = field.indexOf('=');
    String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
    if (key.equals("required")) {
      required = equals < 0 || readRequired(key, field.substring(equals + 1));
    } else if (key.equals("name") && equals >= 0) {
      if (!name.isEmpty()) {
        throw new DockerfileException("device name already set to " + name);
      }
      name = field.substring(equals + 1);
    } else if (name.isEmpty()) {
      name = field;
    } else if (equals < 0) {
      throw new DockerfileException("invalid field '" + field + "' must be a key=value pair");
    } else {
      throw new DockerfileException(
          Suggestion.append(
              "unexpected key '" + key + "' in '" + field + "'",
              key,
              List.of("name", "required"),
              true));
    }
  }

  private static boolean readRequired(String key, String value) {
    return BooleanText.parse(value)
        .orElseThrow(() -> new DockerfileException("invalid value for " + key + ": " + value));
  }
}
