package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.ChownOpt;
import dev.kiln.solver.pb.NamedUserOpt;
import dev.kiln.solver.pb.UserOpt;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a file that an action makes.
 *
 * @param user name or number
 * @param group name or number, or null
 */
public record Owner(String user, @Nullable String group) {

  /** Parses {@code user[:group]}. */
  public static Owner parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new Owner(text, null)
        : new Owner(text.substring(0, colon), text.substring(colon + 1));
  }

  /** An owner by numbers. */
  public static Owner ids(int uid, int gid) {
    return new Owner(Integer.toString(uid), Integer.toString(gid));
  }

  /**
   * The owner as an action names it.
   *
   * @param base index of the input whose user database gives names their meaning
   */
  ChownOpt toWire(long base) {
    ChownOpt.Builder owner = ChownOpt.newBuilder().setUser(wire(user, base));
    if (group != null) {
      owner.setGroup(wire(group, base));
    }
    return owner.build();
  }

  private static UserOpt wire(String name, long base) {
    OptionalInt id = number(name);
    // A name without letters stands for number 0: there is nobody to look up.
    if (id.isPresent() || name.isEmpty()) {
      return UserOpt.newBuilder().setByID(id.orElse(0)).build();
    }
    return UserOpt.newBuilder()
        .setByName(NamedUserOpt.newBuilder().setName(name).setInput(base))
        .build();
  }

  private static OptionalInt number(String name) {
    if (name.equals("root")) {
      return OptionalInt.of(0);
    }
    try {
      return OptionalInt.of(Integer.parseInt(name));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
