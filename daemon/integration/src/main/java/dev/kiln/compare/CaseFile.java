package dev.kiln.compare;

import java.nio.charset.StandardCharsets;

/** An entry of a case's folder. */
sealed interface CaseFile {
  /** Where it is, relative to the folder. */
  String path();

  /** A regular file with permission bits. */
  record Regular(String path, String text, int mode) implements CaseFile {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** A symbolic link. */
  record Link(String path, String target) implements CaseFile {}

  /** A folder that need not hold anything. */
  record Folder(String path, int mode) implements CaseFile {}

  /** A tar of a folder of the case, compressed as the path's ending says. */
  record Packed(String path, String folder) implements CaseFile {}
}
