package dev.kiln.registry.client;

import dev.kiln.registry.auth.Authorizer;
import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.auth.Scopes;
import dev.kiln.registry.auth.SharedAuth;
import dev.kiln.registry.host.Connections;
import dev.kiln.registry.host.HostSettings;
import dev.kiln.registry.host.RegistryConfig;
import dev.kiln.registry.host.Server;
import dev.kiln.registry.reference.ImageReference;
import java.util.List;

/**
 * The way to registries: one for the whole program. It owns the connections, the tokens that builds
 * may share, and the limits on what goes on at once. Thread-safe; everything blocks and is meant
 * for virtual threads. An interrupt ends a call with {@link java.io.InterruptedIOException}.
 */
public final class RegistryClient implements AutoCloseable {
  private final RegistryConfig config;
  private final RetryPolicy policy;
  private final Connections connections = new Connections();
  private final SharedAuth auth;
  private final TransferLimits limits;
  private final Exchange exchange;

  /** A client with the usual patience. */
  public RegistryClient(RegistryConfig config, String userAgent) {
    this(config, userAgent, RetryPolicy.DEFAULT);
  }

  /** A client with its own patience. */
  public RegistryClient(RegistryConfig config, String userAgent, RetryPolicy policy) {
    this.config = config;
    this.policy = policy;
    this.auth = new SharedAuth(policy.clock());
    this.limits = new TransferLimits(config.maxConcurrency());
    this.exchange = new Exchange(connections, userAgent);
  }

  /** Opens the repository of a reference for a build; nothing is sent yet. */
  public Repository open(
      ImageReference reference, CredentialSource credentials, RepositoryOptions options) {
    ImageReference name = reference.nameOnly();
    Authorizer authorizer = new Authorizer(credentials, auth, connections);
    List<HostCaller> callers =
        servers(name.domain(), options).stream()
            .map(server -> new HostCaller(server, exchange, authorizer, policy, options.write()))
            .toList();
    Scopes scopes = options.write() ? Scopes.push(name.path()) : Scopes.pull(name.path());
    return new Repository(name, callers, scopes, limits, policy);
  }

  /** How many blobs move at once to or from one registry. */
  public int maxConcurrency() {
    return config.maxConcurrency();
  }

  private List<Server> servers(String domain, RepositoryOptions options) {
    if (options.insecure()) {
      return List.of(Server.origin(domain, HostSettings.insecureOnly()));
    }
    return options.write()
        ? List.of(Server.forWriting(config, domain))
        : Server.forReading(config, domain);
  }

  /** Ends all connections; calls under way fail. */
  @Override
  public void close() {
    connections.close();
  }
}
