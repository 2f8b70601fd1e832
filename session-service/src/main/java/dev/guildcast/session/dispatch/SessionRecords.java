package dev.guildcast.session.dispatch;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.UserDeliver;
import java.util.function.LongConsumer;

/// Validates records of the session log, and finds the recipients in them.
public final class SessionRecords {
    /// Well above the longest event name of the protocol: a longer one is a publisher's bug.
    private static final int TYPE_LENGTH_MAX = 64;

    private SessionRecords() {}

    /// Rejects a record that cannot be applied, before it changes any state.
    ///
    /// @throws IllegalArgumentException saying what is wrong, without payload
    public static void validate(SessionRecord record) {
        switch (record.getRecordCase()) {
            case DELIVER -> checkDeliver(record.getDeliver());
            case USER_DELIVER -> checkUserDeliver(record.getUserDeliver());
            case MEMBER_JOINED -> require(record.getMemberJoined().getGuildId() != 0, "MemberJoined without a guild");
            case MEMBER_LEFT -> require(record.getMemberLeft().getGuildId() != 0, "MemberLeft without a guild");
            case OPEN -> checkOpen(record.getOpen());
            case ATTACHED -> require(record.getAttached().getAttachId() != 0, "Attached without an attach id");
            case SELF_DELIVER -> {
                checkType(record.getSelfDeliver().getType());
                require(record.getSelfDeliver().hasCommand(), "SelfDeliver without a session");
            }
            case SET_PRESENCE -> checkCommand(record.getSetPresence().getCommand());
            case REQUEST_MEMBERS -> {
                checkCommand(record.getRequestMembers().getCommand());
                require(record.getRequestMembers().getGuildId() != 0, "RequestMembers without a guild");
            }
            case CLOSE, MARKER -> {}
            case CLAIM, CHECKPOINTED ->
                throw new IllegalArgumentException("Claim and Checkpointed are marks of the runtime, never applied");
            case RECORD_NOT_SET -> throw new IllegalArgumentException("the kind of the record is unknown here");
        }
    }

    /// Calls `action` for every recipient of a group, ascending.
    public static void forEachRecipient(Group group, LongConsumer action) {
        long offset = 0;
        for (int i = 0; i < group.getRecipientsCount(); i++) {
            offset += group.getRecipients(i);
            action.accept(offset);
        }
    }

    /// Which payload of a Deliver is meant for the session opened at this offset; -1 if none.
    public static int payloadFor(Deliver deliver, long session) {
        for (int g = 0; g < deliver.getGroupsCount(); g++) {
            var group = deliver.getGroups(g);
            long offset = 0;
            for (int i = 0; i < group.getRecipientsCount() && offset <= session; i++) {
                offset += group.getRecipients(i);
                if (offset == session) {
                    return group.getPayload();
                }
            }
        }
        return -1;
    }

    private static void checkDeliver(Deliver deliver) {
        for (var payload : deliver.getPayloadsList()) {
            checkType(payload.getType());
        }
        for (var group : deliver.getGroupsList()) {
            require(
                    group.getPayload() >= 0 && group.getPayload() < deliver.getPayloadsCount(),
                    "Deliver refers to a payload that it does not contain");
            for (int i = 0; i < group.getRecipientsCount(); i++) {
                require(
                        i == 0 ? group.getRecipients(i) >= 0 : group.getRecipients(i) > 0,
                        "the recipients of Deliver do not ascend");
            }
        }
    }

    private static void checkUserDeliver(UserDeliver deliver) {
        checkType(deliver.getType());
        require(
                deliver.getUsersCount() > 0 || deliver.getSessionOffsetsCount() > 0,
                "UserDeliver without users and sessions");
    }

    private static void checkOpen(Open open) {
        require(open.getUserId() != 0 && open.getAttachId() != 0, "Open without a user or an attach id");
        require(!open.getUser().isEmpty(), "Open without a user object");
        if (open.hasShardId()) {
            new ClientShard(open.getShardId(), open.getShardCount());
        }
    }

    private static void checkCommand(CommandNumber command) {
        require(command.getAttachId() != 0 && command.getNumber() > 0, "a command without an attach id or a number");
    }

    private static void checkType(String type) {
        require(
                !type.isEmpty() && type.length() <= TYPE_LENGTH_MAX,
                "a dispatch type of " + type.length() + " characters (expected: 1 to 64)");
    }

    private static void require(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }
}
