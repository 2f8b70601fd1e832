package dev.guildcast.shard.process;

import dev.guildcast.shard.v1.Claim;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who owns the log: the last valid claim in it, and the claim that this process was directed to make.
///
/// A claim is valid if its epoch is above that of the last valid one. So of two claims with one epoch the first wins,
/// and every process decides alike.
///
/// - **Owner:** the shard's loop.
final class ClaimState {
    private static final String KEY = "#claim";
    /// No epoch that the coordinator assigns: they count up from 1.
    private static final long NOT_REQUESTED = -1;
    /// Requests the next epoch, whichever it is.
    private static final long NEXT_EPOCH = 0;

    private final long nonce;
    private final String node;
    private long epoch;
    private long ownerNonce;
    private boolean dirty;
    private long requestedEpoch = NOT_REQUESTED;
    private boolean sent;

    /// @param nonce of this incarnation
    /// @param node id of this node, for people who read the log
    ClaimState(long nonce, String node) {
        this.nonce = nonce;
        this.node = node;
    }

    /// Restores one entity of a checkpoint; false if it belongs to something else.
    boolean restore(String key, byte[] value) {
        if (!key.equals(KEY)) {
            return false;
        }
        var buffer = ByteBuffer.wrap(value);
        epoch = buffer.getLong();
        ownerNonce = buffer.getLong();
        return true;
    }

    void drainDirty(Map<String, byte @Nullable []> entities) {
        if (dirty) {
            entities.put(
                    KEY,
                    ByteBuffer.allocate(16).putLong(epoch).putLong(ownerNonce).array());
            dirty = false;
        }
    }

    /// The epoch of the last valid claim; 0: none.
    long epoch() {
        return epoch;
    }

    long nonce() {
        return nonce;
    }

    /// The nonce of the last valid claim; 0: none.
    long ownerNonce() {
        return ownerNonce;
    }

    boolean isOurs() {
        return ownerNonce == nonce;
    }

    /// Applies a claim of the log; returns whether it is valid.
    boolean onClaim(Claim claim) {
        if (Long.compareUnsigned(claim.getEpoch(), epoch) <= 0) {
            return false;
        }
        epoch = claim.getEpoch();
        ownerNonce = claim.getNonce();
        dirty = true;
        return true;
    }

    /// Whether this claim of the log, valid or not, means that the claim this process has sent can no longer win.
    boolean isLostTo(Claim claim) {
        return claim.getNonce() == nonce || sent && Long.compareUnsigned(claim.getEpoch(), requestedEpoch) >= 0;
    }

    /// Requests a claim under an epoch; 0: the next.
    void request(long claimEpoch) {
        requestedEpoch = claimEpoch;
        sent = false;
    }

    /// Whether a claim is requested that has not been sent.
    boolean isRequested() {
        return requestedEpoch != NOT_REQUESTED && !sent;
    }

    /// Whether this process has sent a claim: from then on it sends its outputs.
    boolean isSent() {
        return sent;
    }

    /// Creates the requested claim; null if its epoch is not above the log's.
    @Nullable
    Claim createClaim() {
        if (requestedEpoch == NEXT_EPOCH) {
            requestedEpoch = epoch + 1;
        } else if (Long.compareUnsigned(requestedEpoch, epoch) <= 0) {
            return null;
        }
        sent = true;
        return Claim.newBuilder()
                .setEpoch(requestedEpoch)
                .setNonce(nonce)
                .setNode(node)
                .build();
    }

    /// Why [#createClaim] returned null.
    String rejectionReason() {
        return "claim of epoch " + Long.toUnsignedString(requestedEpoch) + " refused (expected: above the log's epoch "
                + Long.toUnsignedString(epoch) + ")";
    }
}
