package dev.kiln.daemon.op;

import dev.kiln.snapshotter.fileop.CopyAction;
import dev.kiln.snapshotter.fileop.FileOperations;
import dev.kiln.snapshotter.fileop.MakeDirectory;
import dev.kiln.snapshotter.fileop.MakeFile;
import dev.kiln.snapshotter.fileop.MakeSymlink;
import dev.kiln.snapshotter.fileop.Owner;
import dev.kiln.snapshotter.fileop.Principal;
import dev.kiln.snapshotter.fileop.RemovePath;
import dev.kiln.solver.pb.ChownOpt;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.FileActionCopy;
import dev.kiln.solver.pb.FileActionMkDir;
import dev.kiln.solver.pb.FileActionMkFile;
import dev.kiln.solver.pb.FileActionRm;
import dev.kiln.solver.pb.FileActionSymlink;
import dev.kiln.solver.pb.UserOpt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Binds the actions of file ops to operations on trees. Stateless. */
final class FileActions {
  private static final long NANOS = 1_000_000_000L;

  private FileActions() {}

  /** Does one action on its trees. */
  static void apply(FileAction action, FileTrees trees) throws IOException {
    Path root = trees.writable(action.getInput());
    switch (action.getActionCase()) {
      case COPY -> copy(action, action.getCopy(), root, trees);
      case MKFILE -> makeFile(action.getMkfile(), root, trees);
      case MKDIR -> makeDirectory(action.getMkdir(), root, trees);
      case RM -> remove(action.getRm(), root);
      case SYMLINK -> symlink(action.getSymlink(), root, trees);
      case ACTION_NOT_SET -> throw new IOException("invalid action type: nothing is set");
    }
  }

  /** The tree that an action copies from, by the op's numbering; -1 when it copies nothing. */
  static long secondaryInput(FileAction action) {
    return action.hasCopy() ? action.getSecondaryInput() : -1;
  }

  private static void copy(FileAction action, FileActionCopy copy, Path root, FileTrees trees)
      throws IOException {
    CopyAction.Builder wanted =
        CopyAction.from(copy.getSrc(), copy.getDest())
            .mode(copy.getMode() < 0 ? null : copy.getMode())
            .modeText(copy.getModeStr().isEmpty() ? null : copy.getModeStr())
            .timestamp(time(copy.getTimestamp()))
            .followSymlink(copy.getFollowSymlink())
            .contentsOnly(copy.getDirCopyContents())
            .unpackArchives(copy.getAttemptUnpackDockerCompatibility())
            .createDestination(copy.getCreateDestPath())
            .allowWildcard(copy.getAllowWildcard())
            .allowEmptyWildcard(copy.getAllowEmptyWildcard())
            .includePatterns(copy.getIncludePatternsList())
            .excludePatterns(copy.getExcludePatternsList())
            .alwaysReplace(copy.getAlwaysReplaceExistingDestPaths());
    if (copy.hasOwner()) {
      wanted.owner(owner(copy.getOwner(), trees));
    }
    long source = action.getSecondaryInput();
    Path from = source < 0 ? trees.empty() : trees.readable(source);
    FileOperations.copy(from, root, wanted.build());
  }

  private static void makeFile(FileActionMkFile file, Path root, FileTrees trees)
      throws IOException {
    FileOperations.makeFile(
        root,
        new MakeFile(
            file.getPath(),
            file.getMode(),
            file.getData().toByteArray(),
            file.hasOwner() ? owner(file.getOwner(), trees) : null,
            time(file.getTimestamp())));
  }

  private static void makeDirectory(FileActionMkDir directory, Path root, FileTrees trees)
      throws IOException {
    FileOperations.makeDirectory(
        root,
        new MakeDirectory(
            directory.getPath(),
            directory.getMode(),
            directory.getMakeParents(),
            directory.hasOwner() ? owner(directory.getOwner(), trees) : null,
            time(directory.getTimestamp())));
  }

  private static void remove(FileActionRm rm, Path root) throws IOException {
    FileOperations.remove(
        root, new RemovePath(rm.getPath(), rm.getAllowNotFound(), rm.getAllowWildcard()));
  }

  private static void symlink(FileActionSymlink link, Path root, FileTrees trees)
      throws IOException {
    FileOperations.makeSymlink(
        root,
        new MakeSymlink(
            link.getOldpath(),
            link.getNewpath(),
            link.hasOwner() ? owner(link.getOwner(), trees) : null,
            time(link.getTimestamp())));
  }

  /** Nanoseconds since 1970; -1 means that no time was given. */
  private static @Nullable Instant time(long nanos) {
    return nanos == -1
        ? null
        : Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  private static Owner owner(ChownOpt wanted, FileTrees trees) throws IOException {
    return Owner.of(
        wanted.hasUser() ? principal(wanted.getUser()) : null,
        wanted.hasUser() ? lookupRoot(wanted.getUser(), trees) : null,
        wanted.hasGroup() ? principal(wanted.getGroup()) : null,
        wanted.hasGroup() ? lookupRoot(wanted.getGroup(), trees) : null);
  }

  private static @Nullable Principal principal(UserOpt user) {
    return switch (user.getUserCase()) {
      case BYNAME -> new Principal.ByName(user.getByName().getName());
      case BYID -> new Principal.ById(user.getByID());
      case USER_NOT_SET -> null;
    };
  }

  private static @Nullable Path lookupRoot(UserOpt user, FileTrees trees) throws IOException {
    if (!user.hasByName()) {
      return null;
    }
    if (user.getByName().getInput() < 0) {
      throw new IOException("invalid user index: " + user.getByName().getInput());
    }
    return trees.readable(user.getByName().getInput());
  }
}
