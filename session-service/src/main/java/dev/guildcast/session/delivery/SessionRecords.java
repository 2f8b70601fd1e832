package dev.guildcast.session.delivery;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.UserDeliver;
import java.util.function.LongConsumer;

/// What a well-formed record of the session log looks like.
public final class SessionRecords {
    private static final int TYPE_LENGTH_MAX = 64;

    private SessionRecords() {}

    /// Refuses a record that cannot be applied, before anything is changed by it.
    ///
    /// @throws IllegalArgumentException naming what is wrong, without payload
    public static void check(SessionRecord record) {
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
            case CLAIM, CHECKPOINTED -> throw new IllegalArgumentException("a mark of the runtime");
            case RECORD_NOT_SET -> throw new IllegalArgumentException("a record of an unknown kind");
        }
    }

    /// Calls `each` for every recipient of a group, ascending.
    public static void recipients(Group group, LongConsumer each) {
        long offset = 0;
        for (int i = 0; i < group.getRecipientsCount(); i++) {
            offset += group.getRecipients(i);
            each.accept(offset);
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
                    "Deliver names a payload that it lacks");
            for (int i = 0; i < group.getRecipientsCount(); i++) {
                require(i == 0 ? group.getRecipients(i) >= 0 : group.getRecipients(i) > 0, "recipients not ascending");
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
        require(command.getAttachId() != 0 && command.getNumber() > 0, "a command without attach id or number");
    }

    private static void checkType(String type) {
        require(
                !type.isEmpty() && type.length() <= TYPE_LENGTH_MAX,
                "a dispatch type of " + type.length() + " characters");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
