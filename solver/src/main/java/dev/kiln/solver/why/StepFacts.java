package dev.kiln.solver.why;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.MountType;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.why.Fact.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes an op apart into the facts that its own key depends on. Stateless. */
final class StepFacts {
  /** Facts of one step that are kept. */
  private static final int MAX_FACTS = 512;

  /** Words in the names of variables whose values are not shown. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(^|[_-])(api_?keys?|auth|credentials?|keys?|passwords?|passwd|pword|secrets?|tokens?)"
              + "($|[_-])");

  private final List<Fact> facts = new ArrayList<>();

  private StepFacts() {}

  /**
   * The facts of an op, those first that people look for first.
   *
   * @param arguments names of variables that are build arguments
   */
  static List<Fact> of(Op op, Set<String> arguments) {
    StepFacts out = new StepFacts();
    switch (op.getOpCase()) {
      case EXEC -> out.exec(op.getExec(), arguments);
      case FILE -> op.getFile().getActionsList().forEach(out::action);
      case MERGE -> out.setting("merge", op.getMerge());
      case DIFF -> out.setting("diff", op.getDiff());
      case BUILD -> out.setting("build", op.getBuild());
      case PASSTHROUGH -> out.setting("passthrough", op.getPassthrough());
      case SOURCE, OP_NOT_SET -> {}
    }
    return out.facts;
  }

  private void add(Fact fact) {
    if (facts.size() < MAX_FACTS) {
      facts.add(fact);
    }
  }

  private void setting(String name, Message message) {
    add(Fact.of(Kind.SETTING, name, text(message)));
  }

  private static String text(Message message) {
    return TextFormat.printer().emittingSingleLine(true).printToString(message).strip();
  }

  private void exec(ExecOp op, Set<String> arguments) {
    Meta meta = op.getMeta();
    add(Fact.of(Kind.COMMAND, "", String.join(" ", meta.getArgsList())));
    for (String variable : meta.getEnvList()) {
      int at = variable.indexOf('=');
      String name = at < 0 ? variable : variable.substring(0, at);
      String value = at < 0 ? "" : variable.substring(at + 1);
      Kind kind = arguments.contains(name) ? Kind.ARGUMENT : Kind.ENVIRONMENT;
      add(
          SECRET.matcher(name).find()
              ? Fact.hidden(kind, name, value)
              : Fact.of(kind, name, value));
    }
    add(Fact.of(Kind.FOLDER, "", meta.getCwd()));
    add(Fact.of(Kind.USER, "", meta.getUser()));
    op.getMountsList().forEach(this::mount);
    op.getSecretenvList().forEach(s -> add(Fact.of(Kind.SECRET, s.getName(), text(s))));
    meta.getExtraHostsList()
        .forEach(h -> add(Fact.of(Kind.SETTING, "host " + h.getHost(), h.getHost())));
    meta.getUlimitList().forEach(l -> add(Fact.of(Kind.SETTING, "ulimit " + l.getName(), text(l))));
    add(Fact.of(Kind.SETTING, "hostname", meta.getHostname()));
    add(Fact.of(Kind.SETTING, "cgroup parent", meta.getCgroupParent()));
    add(Fact.of(Kind.SETTING, "network", op.getNetwork().toString()));
    add(Fact.of(Kind.SETTING, "security", op.getSecurity().toString()));
    add(Fact.of(Kind.SETTING, "valid exit codes", meta.getValidExitCodesList().toString()));
    op.getCdiDevicesList()
        .forEach(d -> add(Fact.of(Kind.SETTING, "device " + d.getName(), text(d))));
  }

  /** What of a mount is no input; which tree is mounted shows in the input's own fact. */
  private void mount(Mount mount) {
    Mount.Builder rest = mount.toBuilder().clearInput().clearOutput().clearDest();
    if (mount.getMountType() == MountType.BIND && mount.getDest().equals("/")) {
      return;
    }
    Kind kind =
        switch (mount.getMountType()) {
          case CACHE -> Kind.CACHE_MOUNT;
          case SECRET -> Kind.SECRET;
          default -> Kind.MOUNT;
        };
    String text = kind == Kind.CACHE_MOUNT ? cache(mount) : text(rest.clearMountType().build());
    add(Fact.of(kind, mount.getDest(), text.isEmpty() ? "bind" : text));
  }

  private static String cache(Mount mount) {
    String sharing = mount.getCacheOpt().getSharing().name().toLowerCase(Locale.ROOT);
    return mount.getCacheOpt().getID() + ", " + sharing;
  }

  private void action(FileAction action) {
    String name = facts.isEmpty() ? "" : Integer.toString(facts.size() + 1);
    Message of =
        switch (action.getActionCase()) {
          case COPY -> action.getCopy();
          case MKFILE -> action.getMkfile().toBuilder().clearData().build();
          case MKDIR -> action.getMkdir();
          case RM -> action.getRm();
          case SYMLINK -> action.getSymlink();
          case ACTION_NOT_SET -> action;
        };
    String kind = action.getActionCase().name().toLowerCase(Locale.ROOT);
    String data =
        action.hasMkfile() ? " data: " + Sha256.of(action.getMkfile().getData().toByteArray()) : "";
    add(Fact.of(Kind.ACTION, name, kind + " " + text(of) + data));
  }
}
