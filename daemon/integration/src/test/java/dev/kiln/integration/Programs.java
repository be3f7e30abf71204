package dev.kiln.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The programs that run on this machine. */
public final class Programs {
  private Programs() {}

  /** Process ids of all programs whose command line contains a text, this one left out. */
  public static List<Long> withArgument(String text) {
    long own = ProcessHandle.current().pid();
    try (Stream<Path> folders = Files.list(Path.of("/proc"))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .filter(pid -> pid != own && commandLine(pid).contains(text))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("could not list /proc", e);
    }
  }

  /** The command line of a process, empty if it has ended. */
  public static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }
}
