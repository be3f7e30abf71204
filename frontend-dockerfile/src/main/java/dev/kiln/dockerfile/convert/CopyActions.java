package dev.kiln.dockerfile.convert;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.context.GitReference;
import dev.kiln.dockerfile.instruction.FileSources.InlineFile;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.GitSource;
import dev.kiln.dockerfile.llb.Owner;
import dev.kiln.dockerfile.llb.Paths;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.text.Quoted;
import dev.kiln.solver.pb.FileActionCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file actions of one COPY or ADD. */
final class CopyActions {

  private static final int DOCUMENT_MODE = 0644;
  private static final String PIVOT = "/./";
  private static final Pattern DIGEST =
      Pattern.compile("sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}");

  private final CopyRequest request;
  private final String os;
  private final Platform platform;
  private final String vertexName;
  private final String destination;
  private final List<FileAction> actions = new ArrayList<>();

  CopyActions(BuildStage stage, CopyRequest request, Platform platform, String vertexName) {
    this.request = request;
    this.platform = platform;
    this.os = platform.os();
    this.vertexName = vertexName;
    this.destination = destination(stage.state.dir(), request.sources().destination(), os);
  }

  private static String destination(String directory, String path, String os) {
    String bare = SystemPath.withoutDrive(path, os, true);
    if (SystemPath.isAbsolute(bare, os)) {
      return SystemPath.absolute("/", bare, os, true);
    }
    // The slash says that the working directory is a directory, even if it does not exist yet.
    String relative = bare.isEmpty() || bare.equals(".") ? "./" : bare;
    return SystemPath.absolute(directory, relative, os, true);
  }

  List<FileAction> all() {
    Boolean keepGitDir = request.keepGitDir();
    String checksum = request.checksum();
    for (String source : request.sources().paths()) {
      Optional<GitReference> repository = RemoteSource.repository(source);
      if (repository.isPresent()) {
        GitReference git = repository.get();
        keepGitDir = agreed(keepGitDir, git.keepGitDir());
        checksum = agreed(checksum, git.checksum());
        addRepository(git, Boolean.TRUE.equals(keepGitDir), checksum);
      } else if (RemoteSource.isDownload(source)) {
        addDownload(source);
      } else {
        addFiles(request.files(), source);
      }
    }
    request.sources().documents().forEach(this::addDocument);
    return actions;
  }

  private static @Nullable Boolean agreed(@Nullable Boolean flag, @Nullable Boolean inAddress) {
    if (flag != null && inAddress != null && !flag.equals(inAddress)) {
      throw new DockerfileException("inconsistent keep-git-dir configuration");
    }
    return inAddress == null ? flag : inAddress;
  }

  private static String agreed(String flag, String inAddress) {
    if (!flag.isEmpty() && !inAddress.isEmpty() && !flag.equals(inAddress)) {
      throw new DockerfileException(
          "checksum mismatch " + Quoted.quoted(flag) + " != " + Quoted.quoted(inAddress));
    }
    return inAddress.isEmpty() ? flag : inAddress;
  }

  private void addRepository(GitReference git, boolean keepGitDir, String checksum) {
    if (!request.add()) {
      throw new DockerfileException("source can't be a git ref for COPY");
    }
    State files =
        new GitSource(
                git.remote(),
                git.ref(),
                git.subdirectory(),
                keepGitDir,
                checksum,
                Boolean.FALSE.equals(git.submodules()),
                "",
                git.fetchByCommit())
            .state(Constraints.named(vertexName));
    add(files, "/", flags());
  }

  private void addDownload(String url) {
    if (!request.add()) {
      throw new DockerfileException("source can't be a URL for COPY");
    }
    String checksum = request.checksum();
    if (!checksum.isEmpty() && !DIGEST.matcher(checksum).matches()) {
      throw new DockerfileException(digestFault(checksum));
    }
    String filename = RemoteSource.filename(url);
    State file =
        Sources.http(
            url,
            filename,
            checksum,
            Constraints.named(vertexName).withDescription("com.docker.dockerfile.v1.command", ""));
    add(
        file,
        filename,
        flags().setAttemptUnpackDockerCompatibility(Boolean.TRUE.equals(request.unpack())));
  }

  private static String digestFault(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      return "invalid checksum digest format";
    }
    return switch (text.substring(0, colon)) {
      case "sha256", "sha384", "sha512" -> "invalid checksum digest length";
      default -> "unsupported digest algorithm";
    };
  }

  private void addFiles(State files, String source) {
    FileActionCopy.Builder flags =
        flags()
            .setFollowSymlink(true)
            .setDirCopyContents(true)
            .setAllowWildcard(true)
            .setAllowEmptyWildcard(true)
            .setAttemptUnpackDockerCompatibility(
                request.unpack() == null ? request.add() : request.unpack());
    String path = source;
    if (request.parents()) {
      int pivot = source.indexOf(PIVOT);
      path = pivot < 0 ? "/" : source.substring(0, pivot);
      String pattern = pivot < 0 ? source : source.substring(pivot + PIVOT.length());
      keepParents(path, SystemPath.absolute("/", pattern, os, false), flags);
    }
    add(files, SystemPath.absolute("/", path, os, false), flags);
  }

  /** Copies what matches the pattern together with its directories, from the parent on. */
  private void keepParents(String parent, String pattern, FileActionCopy.Builder flags) {
    flags.addIncludePatterns(pattern.startsWith("/") ? pattern.substring(1) : pattern);
    if (!hasWildcards(parent) && !hasWildcards(pattern)) {
      flags.addRequiredPaths(SystemPath.absolute("/", Paths.join(parent, pattern), os, false));
    }
  }

  private static boolean hasWildcards(String path) {
    for (int i = 0; i < path.length(); i++) {
      switch (path.charAt(i)) {
        case '*', '?', '[' -> {
          return true;
        }
        case '\\' -> i++;
        default -> {}
      }
    }
    return false;
  }

  private void addDocument(InlineFile document) {
    String name = SystemPath.withoutDrive(document.name(), os, false);
    FileAction write =
        new FileAction.MkFile(name, DOCUMENT_MODE, ByteString.copyFromUtf8(document.content()));
    State file =
        State.scratch()
            .file(
                List.of(write),
                Constraints.named("[internal] preparing inline document").on(platform));
    add(file, SystemPath.toSlash(name, os), flags());
  }

  private FileActionCopy.Builder flags() {
    FileActionCopy.Builder flags =
        FileActionCopy.newBuilder()
            .setCreateDestPath(true)
            .addAllExcludePatterns(request.exclude());
    ChmodText.apply(request.chmod(), flags);
    return flags;
  }

  private void add(State from, String source, FileActionCopy.Builder flags) {
    Owner owner = request.chown().isEmpty() ? null : Owner.parse(request.chown());
    actions.add(new FileAction.Copy(from, source, destination, owner, flags.build()));
  }
}
