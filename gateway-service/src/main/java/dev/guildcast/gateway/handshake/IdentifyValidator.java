package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import java.util.Optional;

/// Validates the fields of an Identify. Pure: no state, no I/O.
final class IdentifyValidator {
    /// The protocol's default of `large_threshold`.
    private static final int LARGE_THRESHOLD_DEFAULT = 50;

    /// The protocol's upper limit of `large_threshold`.
    private static final int LARGE_THRESHOLD_MAX = 250;

    /// The protocol's lower limit of `large_threshold` for bots.
    private static final int BOT_LARGE_THRESHOLD_MIN = 50;

    /// The protocol's lower limit of `large_threshold` for users, whose clients may ask for shorter member lists.
    private static final int USER_LARGE_THRESHOLD_MIN = 25;

    private IdentifyValidator() {}

    sealed interface IdentifyValidation {}

    /// @param content whether the content of others' messages is delivered
    record ValidIdentify(long intents, boolean content, Optional<ClientShard> shard, int largeThreshold)
            implements IdentifyValidation {}

    record InvalidIdentify(CloseCode code) implements IdentifyValidation {}

    static IdentifyValidation validate(Payload.Identify identify, Identity identity, int version) {
        Optional<ClientShard> shard = Optional.empty();
        if (identify.shard().isPresent()) {
            var pair = identify.shard().get();
            if (pair.id() < 0 || pair.id() >= pair.count() || pair.count() > Integer.MAX_VALUE) {
                return new InvalidIdentify(CloseCode.INVALID_SHARD);
            }
            shard = Optional.of(new ClientShard((int) pair.id(), (int) pair.count()));
        }
        int thresholdMin = identity.bot() ? BOT_LARGE_THRESHOLD_MIN : USER_LARGE_THRESHOLD_MIN;
        int threshold = Math.clamp(
                identify.largeThreshold().orElse(LARGE_THRESHOLD_DEFAULT), thresholdMin, LARGE_THRESHOLD_MAX);
        if (!identity.bot()) {
            // Users get every intent unless they list some; none is privileged for them.
            long requested = identify.intents().orElse(Intents.KNOWN) & Intents.KNOWN;
            return new ValidIdentify(requested, true, shard, threshold);
        }
        if (identify.intents().isEmpty()) {
            return new InvalidIdentify(CloseCode.INVALID_INTENTS);
        }
        long asked = identify.intents().getAsLong();
        if ((asked & ~Intents.KNOWN) != 0) {
            return new InvalidIdentify(CloseCode.INVALID_INTENTS);
        }
        long granted = identity.grantedIntents();
        // Before version 10 content depends on the grant alone, and the intent bit has no meaning.
        boolean contentNeedsIntent = version >= 10;
        long privileged = contentNeedsIntent ? Intents.PRIVILEGED : Intents.PRIVILEGED & ~Intents.MESSAGE_CONTENT;
        if ((asked & privileged & ~granted) != 0 || (asked & Intents.USERS_ONLY) != 0) {
            return new InvalidIdentify(CloseCode.DISALLOWED_INTENTS);
        }
        boolean content = ((contentNeedsIntent ? asked : granted) & Intents.MESSAGE_CONTENT) != 0;
        return new ValidIdentify(asked, content, shard, threshold);
    }
}
