package dev.kiln.executor.network;

import dev.kiln.executor.process.NetNamespaces;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Networks that CNI plugins set up, each in a namespace of its own. Some are kept ready and used
 * again, since setting one up takes several processes; one for a container with a name of its own
 * is made for it. Thread-safe.
 */
public final class CniNetwork implements NetworkProvider {
  private static final Logger LOG = LoggerFactory.getLogger(CniNetwork.class);

  private final Path folder;
  private final List<CniChain> chains;
  private final int poolSize;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Attached> ready = new ArrayDeque<>();
  private final Thread filler;
  private boolean closed;

  /**
   * Makes a provider.
   *
   * @param folder where namespaces and what plugins said of them are kept; made if missing
   * @param chains what to call for each container, in order
   * @param poolSize how many networks to keep ready
   */
  CniNetwork(Path folder, List<CniChain> chains, int poolSize) throws IOException {
    this.folder = folder;
    this.chains = List.copyOf(chains);
    this.poolSize = poolSize;
    Files.createDirectories(folder);
    removeLeftovers();
    this.filler = Thread.ofVirtual().name("kiln-network-pool").start(this::fill);
  }

  /** A network that is set up. */
  private record Attached(String id, Path namespace, String args) {
    CniChain.Target target() {
      return new CniChain.Target(id, namespace, args);
    }
  }

  @Override
  public NetworkNamespace open(String hostname) throws IOException {
    Attached pooled = hostname.isEmpty() ? take() : null;
    return new Lease(pooled == null ? attach(hostname) : pooled, hostname.isEmpty());
  }

  private @Nullable Attached take() {
    lock.lock();
    try {
      return ready.poll();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a network for a later container; false when there are enough. */
  private boolean keep(Attached attached) {
    lock.lock();
    try {
      return !closed && ready.size() < poolSize && ready.add(attached);
    } finally {
      lock.unlock();
    }
  }

  private void fill() {
    try {
      for (int i = 0; i < poolSize; i++) {
        Attached attached = attach("");
        if (!keep(attached)) {
          detach(attached);
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn("could not keep networks ready: {}", e.getMessage());
    }
  }

  private Attached attach(String hostname) throws IOException {
    String id = UUID.randomUUID().toString().replace("-", "");
    Path namespace = folder.resolve(id);
    // Plugins that give names to containers read this well-known key; others are told to ignore it.
    String args = hostname.isEmpty() ? "" : "K8S_POD_NAME=" + hostname + ";IgnoreUnknown=1";
    var attached = new Attached(id, namespace, args);
    NetNamespaces.create(namespace);
    ObjectNode results = CniConfig.JSON.createObjectNode();
    try {
      for (CniChain chain : chains) {
        JsonNode result = chain.attach(attached.target());
        if (result != null) {
          results.set(chain.name(), result);
        }
      }
      results.put("args", args);
      Files.writeString(resultFile(id), results.toString());
      return attached;
    } catch (IOException e) {
      try {
        detach(attached);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private Path resultFile(String id) {
    return folder.resolve(id + ".json");
  }

  private void detach(Attached attached) throws IOException {
    List<IOException> failures = new ArrayList<>();
    JsonNode results = results(attached.id);
    for (CniChain chain : chains.reversed()) {
      try {
        chain.detach(attached.target(), results.get(chain.name()));
      } catch (IOException e) {
        failures.add(e);
      }
    }
    NetNamespaces.remove(attached.namespace);
    Files.deleteIfExists(resultFile(attached.id));
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private JsonNode results(String id) throws IOException {
    Path file = resultFile(id);
    try {
      return Files.exists(file)
          ? CniConfig.JSON.readTree(Files.readString(file))
          : CniConfig.JSON.createObjectNode();
    } catch (JacksonException e) {
      return CniConfig.JSON.createObjectNode(); // cut off by a crash
    }
  }

  /** Networks of a former daemon; their interfaces go even if the plugins cannot be asked. */
  private void removeLeftovers() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String id = String.valueOf(file.getFileName());
        if (!id.contains(".")) {
          String args = results(id).path("args").asString("");
          try {
            detach(new Attached(id, file, args));
          } catch (IOException e) {
            LOG.warn("could not take down a former daemon's network: {}", e.getMessage());
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<Attached> rest;
    lock.lock();
    try {
      closed = true;
      rest = List.copyOf(ready);
      ready.clear();
    } finally {
      lock.unlock();
    }
    for (Attached attached : rest) {
      detach(attached);
    }
    try {
      filler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A container's use of a network. */
  private final class Lease implements NetworkNamespace {
    private final Attached attached;
    private final boolean reusable;

    Lease(Attached attached, boolean reusable) {
      this.attached = attached;
      this.reusable = reusable;
    }

    @Override
    public Attachment attachment() {
      return new Attachment.Existing(attached.namespace.toString());
    }

    @Override
    public void close() throws IOException {
      if (!reusable || !keep(attached)) {
        detach(attached);
      }
    }
  }
}
