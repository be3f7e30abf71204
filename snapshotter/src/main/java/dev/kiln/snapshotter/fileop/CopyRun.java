package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.layer.ArchiveUnpack;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.FileWorkers;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.pattern.BadPatternException;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One copy action: finds what the source means, where it goes, and copies each match. */
final class CopyRun {
  private final RootScope from;
  private final RootScope to;
  private final CopyAction action;
  private final EntryAttributes attributes;
  private final FileCopy files;
  private final IgnorePatterns includes;
  private final IgnorePatterns excludes;
  private final DirectoryMaker parents;

  /** Single files that match, copied by workers. */
  private final FileWorkers.Batch batch = FileWorkers.batch();

  private final Set<String> pending = new HashSet<>();

  private CopyRun(RootScope from, RootScope to, CopyAction action) throws IOException {
    this.from = from;
    this.to = to;
    this.action = action;
    try {
      attributes = new EntryAttributes(action);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    files = new FileCopy(attributes);
    includes = compile("includepatterns", action.includePatterns());
    excludes = compile("excludepatterns", action.excludePatterns());
    parents = attributes.directoryMaker();
  }

  private static IgnorePatterns compile(String kind, List<String> texts) throws IOException {
    try {
      return IgnorePatterns.of(texts);
    } catch (BadPatternException e) {
      throw new IOException(
          "invalid " + kind + ": [" + String.join(" ", texts) + "]: " + e.getMessage(), e);
    }
  }

  static void run(RootScope from, RootScope to, CopyAction action) throws IOException {
    CopyRun run = new CopyRun(from, to, action);
    try {
      run.run();
      run.finishPending();
      run.parents.setTimes();
    } finally {
      run.batch.await();
    }
  }

  private void run() throws IOException {
    String destination = action.destination();
    if (!action.createDestination()) {
      checkParent(destination);
    }
    List<String> matches = List.of(SlashPath.absolute(action.source()));
    if (action.allowWildcard()) {
      matches = Wildcards.resolve(from, action.source(), action.followSymlink());
      if (matches.isEmpty() && !action.allowEmptyWildcard()) {
        throw new IOException(SlashPath.absolute(action.source()) + " not found");
      }
    }
    for (String match : matches) {
      if (!action.unpackArchives() || !unpack(match)) {
        copy(match);
      }
    }
  }

  private void checkParent(String destination) throws IOException {
    String path = to.resolve(destination);
    try {
      FileStatus.of(path.substring(0, Math.max(1, path.lastIndexOf('/'))));
    } catch (LinuxException e) {
      throw new IOException("failed to stat " + destination + ": " + to.inScope(e).getMessage(), e);
    }
  }

  private boolean unpack(String match) throws IOException {
    String source = from.resolve(match);
    FileStatus status = FileStatus.find(source);
    if (status == null || !status.isRegular() || !ArchiveUnpack.isArchive(source)) {
      return false;
    }
    finishPending();
    String target = to.resolve(action.destination());
    new DirectoryMaker(0755, action.owner(), action.timestamp()).makeAll(target);
    Owner owner = action.owner();
    ArchiveUnpack.unpack(
        source, target, owner == null ? null : new ArchiveUnpack.Ids(owner.uid(), owner.gid()));
    return true;
  }

  private void copy(String match) throws IOException {
    String source = action.followSymlink() ? from.resolve(match) : from.resolveParent(match);
    makeDestination();
    FileStatus status = FileStatus.of(source);
    String target = target(match, status);
    if (status.isDirectory()) {
      finishPending();
      new TreeCopy(action, to, attributes, includes, excludes).run(source, target);
    } else {
      copyFile(source, target, status);
    }
  }

  /** Makes the destination where it must be a directory, else its parent. */
  private void makeDestination() throws IOException {
    String destination = action.destination();
    boolean directory = destination.endsWith("/") || destination.endsWith("/.");
    parents.makeAll(
        to.resolve(directory ? destination : SlashPath.dir(SlashPath.absolute(destination))));
  }

  /** Where one match goes; what it goes into is made. */
  private String target(String match, FileStatus source) throws IOException {
    String target = to.resolve(action.destination());
    if (pending.contains(target)) {
      finishPending();
    }
    FileStatus there = FileStatus.find(target);
    boolean into =
        there != null && (source.isDirectory() ? !action.contentsOnly() : there.isDirectory());
    if (into && !match.equals("/")) {
      target = (target.equals("/") ? "" : target) + "/" + SlashPath.base(match);
    }
    boolean contents = action.contentsOnly() && source.isDirectory() && there == null;
    if (!contents) {
      parents.makeAll(target.substring(0, Math.max(1, target.lastIndexOf('/'))));
    } else {
      parents.makeAll(target);
    }
    return target;
  }

  private void copyFile(String source, String target, FileStatus status) throws IOException {
    if (!pending.add(target)) {
      finishPending();
      pending.add(target);
    }
    FileStatus there = FileStatus.find(target);
    if (there != null && action.alwaysReplace()) {
      FileTree.remove(target);
    } else {
      TreeCopy.removeFile(target, to);
    }
    if (status.isRegular()) {
      batch.add(() -> files.regular(source, target, true));
    } else {
      files.special(source, target, status);
    }
  }

  private void finishPending() throws IOException {
    batch.finish();
    pending.clear();
  }
}
