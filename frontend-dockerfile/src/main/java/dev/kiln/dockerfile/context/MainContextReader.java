package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendBridge.FileRange;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Definitions;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.GitSource;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.text.BooleanText;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.FileActionCopy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out where a build's main context comes from. */
final class MainContextReader {

  private static final int SNIFFED_BYTES = 1024;

  private final FrontendBridge bridge;
  private final Map<String, String> options;
  private final boolean forceLocalDockerfile;
  private final String dockerfileLocal;
  private final String filename;

  private MainContextReader(FrontendBridge bridge) {
    this.bridge = bridge;
    this.options = bridge.options();
    this.forceLocalDockerfile = options.containsKey("dockerfilekey");
    this.dockerfileLocal = options.getOrDefault("dockerfilekey", "dockerfile");
    this.filename = options.getOrDefault("filename", "Dockerfile");
  }

  static MainContext read(FrontendBridge bridge) {
    return new MainContextReader(bridge).read();
  }

  private MainContext read() {
    String context = options.getOrDefault(options.getOrDefault("contextkey", "context"), "");
    Optional<State> git = git(context);
    if (git.isPresent()) {
      return context(git.get(), git.get(), filename);
    }
    if (context.startsWith("http://") || context.startsWith("https://")) {
      return download(context);
    }
    return inputs();
  }

  private Optional<State> git(String context) {
    boolean keepGitDir =
        BooleanText.parse(options.getOrDefault("build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR", ""))
            .orElse(false);
    boolean epoch = !options.getOrDefault("build-arg:SOURCE_DATE_EPOCH", "").isEmpty();
    return gitState(context, keepGitDir, epoch ? "commit" : "");
  }

  /** The state of a git context, if the text is one. */
  static Optional<State> gitState(String text, boolean keepGitDir, String modificationTimes) {
    Optional<GitReference> found;
    try {
      found = GitReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed(String.valueOf(e.getMessage()), e);
    }
    return found.map(
        git ->
            new GitSource(
                    git.remote(),
                    git.ref(),
                    git.subdirectory(),
                    keepGitDir || Boolean.TRUE.equals(git.keepGitDir()),
                    git.checksum(),
                    Boolean.FALSE.equals(git.submodules()),
                    git.modificationTimes().isEmpty() ? modificationTimes : git.modificationTimes(),
                    git.fetchByCommit())
                .state(Constraints.named("[internal] load git source " + text)));
  }

  private MainContext download(String url) {
    State file =
        Sources.http(
            url,
            MainContext.DOWNLOADED,
            "",
            Constraints.named("[internal] load remote build context"));
    FrontendRef ref =
        bridge.solve(SolveRequest.of(Marshaller.marshal(file, Platform.local()))).singleRef();
    byte[] start = bridge.readFile(ref, MainContext.DOWNLOADED, new FileRange(0, SNIFFED_BYTES));
    if (!Archives.isArchive(start)) {
      return context(file, file, MainContext.DOWNLOADED);
    }
    FileActionCopy unpack =
        FileActionCopy.newBuilder()
            .setMode(FileAction.KEEP_MODE)
            .setAttemptUnpackDockerCompatibility(true)
            .build();
    State unpacked =
        State.scratch()
            .file(
                List.of(new FileAction.Copy(file, "/" + MainContext.DOWNLOADED, "/", null, unpack)),
                Constraints.NONE);
    MainContext context = context(unpacked, unpacked, filename);
    return new MainContext(
        context.state(),
        context.dockerfile(),
        context.contextLocal(),
        dockerfileLocal,
        filename,
        Sources.sourceOf(file).orElse(null));
  }

  private MainContext inputs() {
    Map<String, Definition> inputs = bridge.inputs();
    Definition dockerfile = forceLocalDockerfile ? null : inputs.get(dockerfileLocal);
    Definition context = inputs.get("context");
    return context(
        context == null ? null : input(context),
        dockerfile == null ? null : input(dockerfile),
        filename);
  }

  /** The state of an input. An empty message is no input: on the wire, null looks like that. */
  static State input(Definition definition) {
    if (definition.equals(Definition.getDefaultInstance())) {
      throw FrontendException.failed("invalid nil input definition to definition op");
    }
    return Definitions.state(definition);
  }

  private MainContext context(
      @Nullable State files, @Nullable State dockerfile, String dockerfileName) {
    return new MainContext(
        files == null ? null : scoped(files),
        forceLocalDockerfile ? null : dockerfile,
        "context",
        dockerfileLocal,
        dockerfileName,
        files == null ? null : Sources.sourceOf(files).orElse(null));
  }

  /** Only the subdirectory that the build asks for. */
  private State scoped(State files) {
    String directory = options.get("contextsubdir");
    if (directory == null) {
      return files;
    }
    FileActionCopy contents =
        FileActionCopy.newBuilder().setMode(FileAction.KEEP_MODE).setDirCopyContents(true).build();
    return State.scratch()
        .file(
            List.of(new FileAction.Copy(files, directory, "/", null, contents)), Constraints.NONE);
  }
}
