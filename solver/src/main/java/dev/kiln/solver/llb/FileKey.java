package dev.kiln.solver.llb;

import com.google.protobuf.Message;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.llb.OpKey.InputKey;
import dev.kiln.solver.pb.ChownOpt;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.FileActionCopy;
import dev.kiln.solver.pb.FileOp;
import dev.kiln.solver.pb.UserOpt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The key of a file op (cache-keys.md, section 4.2). Collects over the actions of one op. */
final class FileKey {
  private final int inputs;
  private final Map<Integer, List<ContentSelector>> selectors = new TreeMap<>();
  private final Set<Long> written = new HashSet<>();

  private FileKey(int inputs) {
    this.inputs = inputs;
  }

  static OpKey of(FileOp op, int inputs) {
    return new FileKey(inputs).key(op);
  }

  private OpKey key(FileOp op) {
    GoJson json = new GoJson();
    json.open('{').field("Type", "buildkit.file.v0").name("Actions").open('[');
    for (FileAction action : op.getActionsList()) {
      byte[] text = GoJson.of(action(action)).getBytes(StandardCharsets.UTF_8);
      json.separate().string(Base64.getEncoder().encodeToString(text));
    }
    json.close(']');
    if (!hasDefaultIndexes(op)) {
      json.name("indexes").open('[');
      for (FileAction a : op.getActionsList()) {
        json.separate().open('[').number(a.getInput()).separate().number(a.getSecondaryInput());
        json.separate().number(a.getOutput()).close(']');
      }
      json.close(']');
    }
    return OpDigests.key(json.close('}'), inputKeys());
  }

  /** The bare action as it is digested, after noting which parts of inputs it reads. */
  private Message action(FileAction action) {
    written.add(action.getInput());
    return switch (action.getActionCase()) {
      case MKDIR -> {
        owner(action.getMkdir().getOwner());
        yield action.getMkdir();
      }
      case MKFILE -> {
        owner(action.getMkfile().getOwner());
        yield action.getMkfile();
      }
      case SYMLINK -> action.getSymlink();
      case RM -> action.getRm();
      case COPY -> copy(action);
      case ACTION_NOT_SET ->
          throw new IllegalArgumentException("invalid file op with an empty action");
    };
  }

  private FileActionCopy copy(FileAction action) {
    FileActionCopy copy = action.getCopy();
    owner(copy.getOwner());
    long source = action.getSecondaryInput();
    if (source == -1 || source >= inputs) {
      return copy;
    }
    String path = copy.getSrc();
    select(
        source,
        new ContentSelector(
            path,
            copy.getAllowWildcard() && GoPath.hasWildcard(path),
            copy.getFollowSymlink(),
            copy.getIncludePatternsList(),
            copy.getExcludePatternsList(),
            copy.getRequiredPathsList()));
    return copy.toBuilder().setSrc(GoPath.base(path)).build();
  }

  private void owner(ChownOpt owner) {
    name(owner.getUser(), "/etc/passwd");
    name(owner.getGroup(), "/etc/group");
  }

  private void name(UserOpt user, String file) {
    if (user.hasByName() && user.getByName().getInput() >= 0) {
      select(user.getByName().getInput(), ContentSelector.of(file, true));
    }
  }

  private void select(long input, ContentSelector selector) {
    if (input < 0 || input >= inputs) {
      throw new IllegalArgumentException(
          "invalid input index " + input + " in file op with " + inputs + " inputs");
    }
    selectors.computeIfAbsent((int) input, i -> new ArrayList<>()).add(selector);
  }

  private List<InputKey> inputKeys() {
    List<InputKey> keys = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      List<ContentSelector> of = selectors.getOrDefault(i, List.of());
      keys.add(
          of.isEmpty() || written.contains((long) i)
              ? new InputKey("", false, List.of(), true)
              : new InputKey(selectorDigest(of), true, reduce(of), true));
    }
    return keys;
  }

  /** The paths in falling order: how it always was. */
  private static String selectorDigest(List<ContentSelector> selectors) {
    List<String> paths = new ArrayList<>(selectors.stream().map(ContentSelector::path).toList());
    paths.sort(Collections.reverseOrder(Utf8Order.BYTES));
    return Sha256.of(String.join("\0", paths));
  }

  private static List<ContentSelector> reduce(List<ContentSelector> selectors) {
    List<ContentSelector> out = new ArrayList<>();
    for (boolean follow : new boolean[] {false, true}) {
      List<String> paths =
          selectors.stream()
              .filter(s -> !s.hasPatterns() && s.followLinks() == follow)
              .map(ContentSelector::path)
              .toList();
      ContentSelector.reduce(paths).forEach(p -> out.add(ContentSelector.of(p, follow)));
    }
    selectors.stream().filter(ContentSelector::hasPatterns).forEach(out::add);
    out.sort(Comparator.comparing(ContentSelector::path, Utf8Order.BYTES));
    return out;
  }

  /** The commonest shape, each action on top of the one before, is digested without indexes. */
  private static boolean hasDefaultIndexes(FileOp op) {
    int count = op.getActionsCount();
    for (int i = 0; i < count; i++) {
      FileAction a = op.getActions(i);
      boolean fits =
          a.getInput() == (i == 0 ? 0 : count + i - 1)
              && (a.getSecondaryInput() == -1 || a.getSecondaryInput() == 1)
              && a.getOutput() == (i == count - 1 ? 0 : -1);
      if (!fits) {
        return false;
      }
    }
    return count > 0;
  }
}
