package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.FileWorkers;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import dev.kiln.snapshotter.pattern.IgnorePatterns.Match;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Copies one directory with what the patterns let through. One thread walks and makes directories;
 * workers copy the regular files. Files with several names are left for the end, when the first of
 * them is copied and the others are linked to it; so are the directories' times, which the files
 * put into them would change.
 */
final class TreeCopy {
  private final CopyAction action;
  private final RootScope scope;
  private final EntryAttributes attributes;
  private final FileCopy files;
  private final IgnorePatterns includes;
  private final IgnorePatterns excludes;
  private final FileWorkers.Batch batch = FileWorkers.batch();

  /** The directories from the top to where the walk is; the deepest last. */
  private final List<Folder> folders = new ArrayList<>();

  private final List<Finished> finished = new ArrayList<>();
  private final Queue<LinkedFile> linked = new ConcurrentLinkedQueue<>();

  /** A directory of the source that the walk is in; not copied yet if only included things are. */
  private static final class Folder {
    final String source;
    final String target;
    final FileStatus status;
    final Match include;
    final Match exclude;
    boolean copied;

    /** Whether the target was made by this copy, so that nothing can be in the way in it. */
    boolean made;

    Folder(String source, String target, FileStatus status, Match include, Match exclude) {
      this.source = source;
      this.target = target;
      this.status = status;
      this.include = include;
      this.exclude = exclude;
    }
  }

  private record Finished(String target, FileStatus status) {}

  private record LinkedFile(String source, String target, FileStatus status) {}

  private record Inode(long device, long number) {}

  TreeCopy(
      CopyAction action,
      RootScope scope,
      EntryAttributes attributes,
      IgnorePatterns includes,
      IgnorePatterns excludes) {
    this.action = action;
    this.scope = scope;
    this.attributes = attributes;
    this.files = new FileCopy(attributes);
    this.includes = includes;
    this.excludes = excludes;
  }

  /**
   * Copies.
   *
   * @param source on disk, a directory
   * @param target on disk, resolved; its parent exists
   */
  void run(String source, String target) throws IOException {
    try {
      Folder top = new Folder(source, target, FileStatus.of(source), Match.NONE, Match.NONE);
      replace(target, true);
      makeFolder(top, false);
      walk(top, "");
      batch.finish();
      copyLinked();
      for (Finished one : finished) {
        attributes.applyTimes(one.target(), one.status());
      }
    } finally {
      batch.await();
    }
  }

  private void walk(Folder folder, String components) throws IOException {
    folders.add(folder);
    for (DirectoryEntries.Entry entry : DirectoryEntries.sortedEntries(folder.source)) {
      String path = components.isEmpty() ? entry.name() : components + "/" + entry.name();
      one(folder, entry, path);
    }
    folders.removeLast();
  }

  private void one(Folder folder, DirectoryEntries.Entry entry, String path) throws IOException {
    Match include = includes.isEmpty() ? Match.NONE : includes.match(path, folder.include);
    Match exclude = excludes.isEmpty() ? Match.NONE : excludes.match(path, folder.exclude);
    boolean included = (includes.isEmpty() || include.matched()) && !exclude.matched();
    // Below what is excluded there may be exceptions, or nothing at all.
    boolean closed = exclude.matched() && !excludes.hasExceptions();
    if (!included && (closed || entry.type() == FileStatus.REGULAR)) {
      return;
    }
    String source = folder.source + "/" + entry.name();
    String target = folder.target + "/" + entry.name();
    if (entry.type() == FileStatus.REGULAR) {
      place(target);
      copyRegular(source, target);
      return;
    }
    FileStatus status = FileStatus.of(source);
    if (status.isDirectory()) {
      Folder child = new Folder(source, target, status, include, exclude);
      if (included) {
        makeParents();
        makeFolder(child, true);
      }
      walk(child, path);
    } else if (included) {
      place(target);
      if (status.isRegular()) {
        copyRegular(source, target);
      } else {
        files.special(source, target, status);
      }
    }
  }

  /** Makes the parents that wait for something included, and clears the target's place. */
  private void place(String target) throws IOException {
    makeParents();
    if (!folders.getLast().made) {
      replace(target, false);
      removeFile(target, scope);
    }
  }

  private void makeParents() throws IOException {
    for (int i = 0; i < folders.size(); i++) {
      if (!folders.get(i).copied) {
        makeFolder(folders.get(i), true);
      }
    }
  }

  private void makeFolder(Folder folder, boolean overwrite) throws IOException {
    replace(folder.target, true);
    folder.copied = true;
    FileStatus there = FileStatus.find(folder.target);
    if (there == null) {
      NodeCalls.makeDirectory(folder.target, 0700);
      folder.made = true;
    } else if (!there.isDirectory()) {
      throw new IOException("cannot copy to non-directory: " + scope.within(folder.target));
    }
    if (folder.made || overwrite) {
      attributes.apply(folder.source, folder.target, folder.status);
    }
    finished.add(new Finished(folder.target, folder.status));
  }

  /** Removes what is in the way, where the action says so; directories merge. */
  private void replace(String target, boolean directory) throws LinuxException {
    if (action.alwaysReplace()) {
      FileStatus there = FileStatus.find(target);
      if (there != null && !(directory && there.isDirectory())) {
        FileTree.remove(target);
      }
    }
  }

  /** Removes a file at a place where another is to be, but never a directory. */
  static void removeFile(String target, RootScope scope) throws IOException {
    FileStatus there = FileStatus.find(target);
    if (there != null && there.isDirectory()) {
      throw new IOException("cannot replace to directory " + scope.within(target) + " with file");
    }
    if (there != null) {
      NodeCalls.unlink(target);
    }
  }

  private void copyRegular(String source, String target) throws IOException {
    batch.add(
        () -> {
          FileStatus status = files.regular(source, target, false);
          if (status.links() > 1) {
            linked.add(new LinkedFile(source, target, status));
          }
        });
  }

  private void copyLinked() throws LinuxException {
    Map<Inode, String> first = new HashMap<>();
    for (LinkedFile file : linked) {
      Inode inode = new Inode(file.status().device(), file.status().inode());
      String existing = first.putIfAbsent(inode, file.target());
      if (existing == null) {
        files.regular(file.source(), file.target(), true);
      } else {
        NodeCalls.makeLink(existing, file.target());
      }
    }
  }
}
