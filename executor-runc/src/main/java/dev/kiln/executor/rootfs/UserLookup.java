package dev.kiln.executor.rootfs;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Turns a user text ({@code name}, {@code id}, either with {@code :group}) into ids, by /etc/passwd
 * and /etc/group of a root file system. A number is always an id, never a name.
 */
public final class UserLookup {
  private static final int MAX_FILE_BYTES = 10 << 20;
  private static final long MAX_ID = Integer.MAX_VALUE;

  private UserLookup() {}

  /**
   * The ids of a process.
   *
   * @param groups the group first, then those that /etc/group lists for the user
   */
  public record Ids(int uid, int gid, List<Integer> groups) {
    public Ids {
      groups = List.copyOf(groups);
    }
  }

  /** A line of passwd(5) or group(5), cut at its colons. */
  private record Line(List<String> fields) {
    String field(int index) {
      return index < fields.size() ? fields.get(index) : "";
    }

    boolean hasId(int id) {
      return field(2).equals(Integer.toString(id));
    }
  }

  /**
   * Looks up a user.
   *
   * @param user empty means root
   * @throws IOException no such user or group, or an id out of range
   */
  public static Ids find(Path root, String user) throws IOException {
    int colon = user.indexOf(':');
    String userPart = colon < 0 ? user : user.substring(0, colon);
    String groupPart = colon < 0 ? "" : user.substring(colon + 1);
    if (colon >= 0 && isId(userPart) && isId(groupPart)) {
      return ids(id(userPart), id(groupPart), List.of());
    }
    return lookUp(root, userPart.isEmpty() ? "0" : userPart, groupPart);
  }

  private static Ids lookUp(Path root, String user, String group) throws IOException {
    List<Line> matches = lines(root, "/etc/passwd", matching(user, 0));
    Line entry = matches.isEmpty() ? new Line(List.of()) : matches.getFirst();
    if (matches.isEmpty() && !isNumber(user)) {
      throw new IOException("unable to find user " + user + ": no matching entries in passwd file");
    }
    int uid = matches.isEmpty() ? id(user) : id(entry.field(2));
    int gid = matches.isEmpty() ? 0 : id(entry.field(3));
    if (!group.isEmpty()) {
      return ids(uid, groupId(root, group), List.of());
    }
    String name = entry.field(0);
    if (name.isEmpty()) {
      return ids(uid, gid, List.of());
    }
    List<Integer> further = new ArrayList<>();
    for (Line line :
        lines(root, "/etc/group", l -> List.of(l.field(3).split(",", -1)).contains(name))) {
      further.add(id(line.field(2)));
    }
    return ids(uid, gid, further);
  }

  private static int groupId(Path root, String group) throws IOException {
    List<Line> matches = lines(root, "/etc/group", matching(group, 0));
    if (!matches.isEmpty()) {
      return id(matches.getFirst().field(2));
    }
    if (!isNumber(group)) {
      throw new IOException(
          "unable to find group " + group + ": no matching entries in group file");
    }
    return id(group);
  }

  private static Predicate<Line> matching(String text, int nameField) throws IOException {
    if (!isNumber(text)) {
      return line -> line.field(nameField).equals(text);
    }
    int wanted = id(text);
    return line -> line.hasId(wanted);
  }

  private static Ids ids(int uid, int gid, List<Integer> further) {
    List<Integer> groups = new ArrayList<>();
    if (!further.contains(gid)) {
      groups.add(gid);
    }
    groups.addAll(further);
    return new Ids(uid, gid, groups);
  }

  /** The fast form takes the name of the super-user as well, as there is no other root. */
  private static boolean isId(String text) {
    return text.equals("root") || isNumber(text);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static int id(String text) throws IOException {
    if (text.equals("root")) {
      return 0;
    }
    if (!isNumber(text) || text.length() > 10 || Long.parseLong(text) > MAX_ID) {
      throw new IOException("uids and gids must be in range 0-" + MAX_ID + ", not " + text);
    }
    return Integer.parseInt(text);
  }

  /** The lines that match; none when the file does not exist or is not a plain one. */
  private static List<Line> lines(Path root, String file, Predicate<Line> wanted)
      throws IOException {
    List<Line> found = new ArrayList<>();
    for (String text : read(root, file).lines().toList()) {
      String trimmed = text.strip();
      if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
        var line = new Line(List.of(trimmed.split(":", -1)));
        if (wanted.test(line)) {
          found.add(line);
        }
      }
    }
    return found;
  }

  /** Opened below the root by the kernel, as a running container may be changing links. */
  private static String read(Path root, String file) throws IOException {
    try (Fd folder = Fd.directory(root.toString());
        Fd found =
            folder.openBelow(
                file.substring(1), Fd.O_PATH, 0, Fd.RESOLVE_IN_ROOT | Fd.RESOLVE_NO_MAGICLINKS)) {
      Path path = Path.of(found.procPath());
      if (!Files.isRegularFile(path)) {
        return "";
      }
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new IOException(file + " exceeds " + MAX_FILE_BYTES + " bytes");
      }
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (LinuxException e) {
      return ""; // missing, or a link that leads nowhere: the image knows no names
    }
  }
}
