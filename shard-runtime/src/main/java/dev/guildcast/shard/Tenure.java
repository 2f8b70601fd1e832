package dev.guildcast.shard;

import dev.guildcast.shard.v1.Claim;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose the log is: the last valid claim in it, and this process's own wish to claim.
///
/// A claim is valid if its epoch is above that of the last valid one; so of two of one epoch the first wins, in every
/// process alike.
///
/// - **Owner:** the shard's loop.
final class Tenure {
    private static final String KEY = "#claim";
    private static final long NOT_WANTED = -1;
    /// Whatever epoch is the next.
    private static final long NEXT = 0;

    private final long nonce;
    private final String node;
    private long epoch;
    private long ownerNonce;
    private boolean touched;
    private long wanted = NOT_WANTED;
    private boolean sent;

    /// @param nonce of this incarnation
    /// @param node for people who read the log
    Tenure(long nonce, String node) {
        this.nonce = nonce;
        this.node = node;
    }

    /// Takes one entity of a checkpoint; false if it is not of the tenure.
    boolean restore(String key, byte[] value) {
        if (!key.equals(KEY)) {
            return false;
        }
        var buffer = ByteBuffer.wrap(value);
        epoch = buffer.getLong();
        ownerNonce = buffer.getLong();
        return true;
    }

    void drainTouched(Map<String, byte @Nullable []> entities) {
        if (touched) {
            entities.put(
                    KEY,
                    ByteBuffer.allocate(16).putLong(epoch).putLong(ownerNonce).array());
            touched = false;
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

    /// Takes a claim of the log; whether it is valid.
    boolean onClaim(Claim claim) {
        if (Long.compareUnsigned(claim.getEpoch(), epoch) <= 0) {
            return false;
        }
        epoch = claim.getEpoch();
        ownerNonce = claim.getNonce();
        touched = true;
        return true;
    }

    /// Whether a claim that passed by, valid or not, leaves no hope for the one of ours that is on its way.
    boolean isLostTo(Claim claim) {
        return claim.getNonce() == nonce || sent && claim.getEpoch() >= wanted;
    }

    /// Wants the log under an epoch; 0: the next.
    void want(long wantedEpoch) {
        wanted = wantedEpoch;
        sent = false;
    }

    /// Whether a claim is wanted that has not been made.
    boolean isWanted() {
        return wanted != NOT_WANTED && !sent;
    }

    /// Whether a claim of ours is on its way or was valid: from then on outputs are sent.
    boolean isSent() {
        return sent;
    }

    /// Makes the claim that is wanted; null if its epoch is not above the log's.
    @Nullable
    Claim claim() {
        if (wanted == NEXT) {
            wanted = epoch + 1;
        } else if (Long.compareUnsigned(wanted, epoch) <= 0) {
            return null;
        }
        sent = true;
        return Claim.newBuilder().setEpoch(wanted).setNonce(nonce).setNode(node).build();
    }

    /// Why [#claim] made none.
    String refusal() {
        return "claim of epoch " + wanted + " is not above " + epoch;
    }
}
