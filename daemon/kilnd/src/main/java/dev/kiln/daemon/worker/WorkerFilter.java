package dev.kiln.daemon.worker;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Containerd's filters over a worker: terms joined by commas must all hold, list elements are
 * alternatives.
 */
final class WorkerFilter {
  private static final Pattern TERM =
      Pattern.compile("(id|labels\\.(?:\"([^\"]*)\"|([^=!~]+)))(?:(==|!=|~=)(.*))?");

  private WorkerFilter() {}

  static boolean matches(List<String> filters, String id, Map<String, String> labels) {
    if (filters.isEmpty()) {
      return true;
    }
    return filters.stream().anyMatch(filter -> matchesAll(filter, id, labels));
  }

  private static boolean matchesAll(String filter, String id, Map<String, String> labels) {
    for (String term : filter.split(",", -1)) {
      Matcher matcher = TERM.matcher(term.trim());
      if (!matcher.matches()) {
        throw Status.INVALID_ARGUMENT
            .withDescription("could not parse the worker filter \"" + filter + "\" at " + term)
            .asRuntimeException();
      }
      String name = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      @Nullable String actual = matcher.group(1).equals("id") ? id : labels.get(name);
      if (!holds(actual, matcher.group(4), matcher.group(5))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(
      @Nullable String actual, @Nullable String operator, @Nullable String wanted) {
    if (operator == null || wanted == null) {
      return actual != null;
    }
    String text = wanted.replaceAll("^\"|\"$", "");
    return switch (operator) {
      case "==" -> text.equals(actual);
      case "!=" -> !text.equals(actual);
      default -> actual != null && Pattern.compile(text).matcher(actual).find();
    };
  }
}
