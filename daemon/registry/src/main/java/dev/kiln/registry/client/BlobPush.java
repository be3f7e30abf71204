package dev.kiln.registry.client;

import dev.kiln.registry.auth.Scopes;
import dev.kiln.registry.failure.NotFoundException;
import dev.kiln.registry.failure.RateLimitedException;
import dev.kiln.registry.failure.RegistryException;
import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.failure.UnexpectedAnswerException;
import dev.kiln.registry.failure.UnreachableException;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one blob into one repository: looks for it, has it mounted, or sends it, and starts again
 * when sending breaks.
 */
final class BlobPush {
  private static final Logger LOG = LoggerFactory.getLogger(BlobPush.class);
  private static final int MAX_MOUNT_CANDIDATES = 3;

  private final HostCaller caller;
  private final ImageReference repository;
  private final Scopes scopes;
  private final RetryPolicy policy;

  BlobPush(HostCaller caller, ImageReference repository, Scopes scopes, RetryPolicy policy) {
    this.caller = caller;
    this.repository = repository;
    this.scopes = scopes;
    this.policy = policy;
  }

  /**
   * @param mountFrom paths of repositories on the same registry that may have the blob
   */
  PushOutcome push(
      Descriptor blob, BlobSource source, List<String> mountFrom, TransferProgress progress)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(blob, source, mountFrom, progress);
      } catch (RegistryException e) {
        if (attempt >= policy.maxAttempts() || !newUploadMayHelp(e)) {
          throw e;
        }
        LOG.debug("upload {} failed, starting again: {}", attempt, e.getMessage());
        policy.waitFor(policy.delayAfter(attempt));
      }
    }
  }

  private PushOutcome once(
      Descriptor blob, BlobSource source, List<String> mountFrom, TransferProgress progress)
      throws IOException {
    if (exists(blob)) {
      progress.moved(blob.size());
      return PushOutcome.EXISTED;
    }
    for (String from : mountFrom.subList(0, Math.min(mountFrom.size(), MAX_MOUNT_CANDIDATES))) {
      if (mounted(blob, from)) {
        progress.moved(blob.size());
        return PushOutcome.MOUNTED;
      }
    }
    Optional<URI> location = caller.call(new StartUpload(repository, blob.digest(), ""), scopes);
    if (location.isEmpty()) {
      return PushOutcome.EXISTED;
    }
    RequestBody body = new RequestBody(blob.size(), source, progress);
    caller.call(new PutBlob(repository, blob.digest(), location.get(), body), scopes);
    return PushOutcome.UPLOADED;
  }

  private boolean exists(Descriptor blob) throws IOException {
    try {
      caller.call(new HeadBlob(repository, blob.digest()), scopes);
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /** A refusal only means that this way is closed: the other repository may be somebody else's. */
  private boolean mounted(Descriptor blob, String from) throws IOException {
    try {
      StartUpload mount = new StartUpload(repository, blob.digest(), from);
      return caller.call(mount, scopes.and(Scopes.pull(from))).isEmpty();
    } catch (UnauthorizedException | NotFoundException e) {
      LOG.debug("{}", e.getMessage());
      return false;
    }
  }

  private static boolean newUploadMayHelp(RegistryException failure) {
    return switch (failure) {
      case UnreachableException u -> u.getCause() instanceof IOException cause && isBroken(cause);
      case UnexpectedAnswerException u -> u.answers().stream().anyMatch(a -> a.status() >= 500);
      case NotFoundException n -> n.getMessage() != null && n.getMessage().contains("upload");
      case RateLimitedException r -> false;
      case UnauthorizedException u -> false;
    };
  }

  /** A connection that was there and broke; what could not be made was tried often enough below. */
  private static boolean isBroken(IOException cause) {
    return !(cause instanceof java.net.ConnectException)
        && !(cause instanceof javax.net.ssl.SSLException);
  }
}
