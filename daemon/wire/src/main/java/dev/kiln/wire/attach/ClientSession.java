package dev.kiln.wire.attach;

import dev.kiln.wire.caps.StandardServices;
import dev.kiln.wire.session.SessionHeaders;
import dev.kiln.wire.tunnel.ClientTunnel;
import io.grpc.Channel;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A session that this client keeps open with a daemon while it builds. Thread-safe. */
public final class ClientSession implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_CHARS = 25;
  private static final int ID_BASE = 36;

  private final String id;
  private final ClientTunnel tunnel;

  private ClientSession(String id, ClientTunnel tunnel) {
    this.id = id;
    this.tunnel = tunnel;
  }

  /**
   * Opens a session that offers these services, and the health service.
   *
   * @param sharedKey what equal local directories of this client share; may be empty
   */
  public static ClientSession open(
      Channel daemon, String sharedKey, List<ServerServiceDefinition> services) {
    List<ServerServiceDefinition> offered = new ArrayList<>(services);
    offered.add(StandardServices.health());
    List<String> methods = new ArrayList<>();
    for (ServerServiceDefinition service : offered) {
      service
          .getMethods()
          .forEach(method -> methods.add("/" + method.getMethodDescriptor().getFullMethodName()));
    }
    String id = newId();
    var headers = SessionHeaders.opening(id, sharedKey, methods);
    return new ClientSession(id, ClientTunnel.open(daemon, headers, offered));
  }

  /** A new id in the form of stock clients: 25 characters in base 36. */
  public static String newId() {
    BigInteger limit = BigInteger.valueOf(ID_BASE).pow(ID_CHARS);
    BigInteger number = new BigInteger(limit.bitLength() + 32, RANDOM).mod(limit);
    String digits = number.toString(ID_BASE);
    return "0".repeat(ID_CHARS - digits.length()) + digits;
  }

  /** The id that a Solve names. */
  public String id() {
    return id;
  }

  /** Completes with the status of the Session call when the session has ended. */
  public CompletableFuture<Status> ended() {
    return tunnel.ended();
  }

  @Override
  public void close() {
    tunnel.close();
  }
}
