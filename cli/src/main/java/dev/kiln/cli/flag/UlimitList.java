package dev.kiln.cli.flag;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code --ulimit name=soft[:hard]}. */
public final class UlimitList {
  private static final Pattern LIMIT = Pattern.compile("([a-z]+)=(-?[0-9]+)(?::(-?[0-9]+))?");
  private static final Set<String> NAMES =
      Set.of(
          "core",
          "cpu",
          "data",
          "fsize",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "nofile",
          "nproc",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack");

  private UlimitList() {}

  /** The frontend's form: {@code name=soft:hard} with commas between, by name. */
  public static String attribute(List<String> texts) {
    TreeMap<String, String> limits = new TreeMap<>();
    for (String text : texts) {
      Matcher matcher = LIMIT.matcher(text);
      if (!matcher.matches()) {
        throw new UsageException("invalid ulimit argument: " + text);
      }
      String name = matcher.group(1);
      if (!NAMES.contains(name)) {
        throw new UsageException("invalid ulimit type: " + name);
      }
      long soft = Long.parseLong(matcher.group(2));
      long hard = matcher.group(3) == null ? soft : Long.parseLong(matcher.group(3));
      if (hard != -1 && (soft == -1 || soft > hard)) {
        throw new UsageException(
            "ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
      }
      limits.put(name, soft + ":" + hard);
    }
    List<String> parts = new ArrayList<>();
    limits.forEach((name, value) -> parts.add(name + "=" + value));
    return String.join(",", parts);
  }
}
