package dev.guildcast.session.dispatch;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;

/// Renders the dispatch that a record is to a session with a sequence for it.
///
/// The result depends on nothing else, so a live push and every replay are identical, in any process.
public final class DispatchRenderer {
    private DispatchRenderer() {}

    /// @throws IllegalArgumentException if this record is no dispatch to this session
    public static Dispatch render(SessionRecord record, Session session) {
        return switch (record.getRecordCase()) {
            case DELIVER ->
                payload(record.getDeliver(), SessionRecords.payloadFor(record.getDeliver(), session.offset()));
            case USER_DELIVER ->
                new Dispatch(
                        record.getUserDeliver().getType(),
                        record.getUserDeliver().getData());
            case SELF_DELIVER ->
                new Dispatch(
                        record.getSelfDeliver().getType(),
                        record.getSelfDeliver().getData());
            case MEMBER_LEFT -> guildLost(record.getMemberLeft().getGuildId());
            case OPEN -> new Dispatch("READY", ReadyPayload.of(session));
            case MEMBER_JOINED,
                    ATTACHED,
                    CLOSE,
                    SET_PRESENCE,
                    REQUEST_MEMBERS,
                    MARKER,
                    CLAIM,
                    CHECKPOINTED,
                    RECORD_NOT_SET -> throw new IllegalArgumentException(record.getRecordCase() + " is no dispatch");
        };
    }

    /// One payload of a Deliver, for all its recipients.
    ///
    /// @throws IllegalArgumentException if there is no payload with this index
    public static Dispatch payload(Deliver deliver, int index) {
        if (index < 0 || index >= deliver.getPayloadsCount()) {
            throw new IllegalArgumentException("the session is not a recipient of this Deliver");
        }
        var payload = deliver.getPayloads(index);
        return new Dispatch(payload.getType(), payload.getData());
    }

    // Without the key `unavailable`, which means that the user is no longer a member.
    private static Dispatch guildLost(long guildId) {
        return new Dispatch(
                "GUILD_DELETE", ByteString.copyFromUtf8("{\"id\":\"" + Long.toUnsignedString(guildId) + "\"}"));
    }
}
