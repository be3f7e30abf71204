package dev.kiln.registry.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the registry's own words in a refusal: OCI distribution-spec, "Error Codes". */
final class ErrorBody {
  private static final int MAX_BYTES = 16 << 10;
  private static final int MAX_CHARS = 300;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ErrorBody() {}

  /** The messages, or the beginning of a plain text, or nothing. */
  static String read(Answer answer) {
    try {
      byte[] body = answer.body().readNBytes(MAX_BYTES);
      String words = messages(body);
      return words.length() > MAX_CHARS ? words.substring(0, MAX_CHARS) + "…" : words;
    } catch (IOException e) {
      // The status says enough when the words do not arrive.
      return "";
    }
  }

  private static String messages(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (!text.startsWith("{")) {
      return text.startsWith("<") ? "" : text;
    }
    try {
      List<String> messages = new ArrayList<>();
      for (JsonNode error : MAPPER.readTree(text).path("errors")) {
        String message = error.path("message").asString("");
        String code = error.path("code").asString("").replace('_', ' ').toLowerCase(Locale.ROOT);
        messages.add(message.isEmpty() ? code : message);
      }
      return messages.isEmpty() ? text : String.join(", ", messages);
    } catch (JacksonException e) {
      return text;
    }
  }
}
