package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.Concealment;
import java.util.ArrayList;
import java.util.List;

/// Finds what updates of a thread's members and messages name besides their channel.
final class MemberReferences {
    private MemberReferences() {}

    /// Without GUILD_MEMBERS a user is shown only itself among those added and removed; without GUILD_PRESENCES
    /// nobody's presence.
    static List<Concealment> ofThread(Json d) {
        var found = new ArrayList<Concealment>();
        var added = d.find("added_members");
        if (added != null) {
            for (var member : added.elements()) {
                found.add(part(member.indexIn(d), member)
                        .setIntents(Intents.GUILD_MEMBERS)
                        .setUserId(member.get("user_id").id())
                        .build());
                var presence = member.fields().get("presence");
                if (presence != null) {
                    found.add(wholeMember(presence, d)
                            .setIntents(Intents.GUILD_PRESENCES)
                            .build());
                }
            }
        }
        var removed = d.find("removed_member_ids");
        if (removed != null) {
            for (var user : removed.elements()) {
                found.add(part(user.indexIn(d), user)
                        .setIntents(Intents.GUILD_MEMBERS)
                        .setUserId(user.id())
                        .build());
            }
        }
        found.sort((one, other) -> Integer.compare(one.getFrom(), other.getFrom()));
        return found;
    }

    /// Channels other than the message's own: those that it mentions by object, and that of a message it forwards.
    static List<Concealment> ofMessage(Json d) {
        var mentioned = d.find("mention_channels");
        var reference = d.find("message_reference");
        if (mentioned == null && reference == null) {
            return List.of();
        }
        long own = d.idOrZero("channel_id");
        var found = new ArrayList<Concealment>();
        if (mentioned != null) {
            for (var channel : mentioned.elements()) {
                long id = channel.get("id").id();
                if (id != own) {
                    found.add(part(channel.indexIn(d), channel).setChannelId(id).build());
                }
            }
        }
        if (reference != null && reference.isObject()) {
            var channel = reference.find("channel_id");
            if (channel != null && channel.id() != own) {
                found.add(wholeMember(channel, d).setChannelId(channel.id()).build());
            }
        }
        found.sort((one, other) -> Integer.compare(one.getFrom(), other.getFrom()));
        return found;
    }

    private static Concealment.Builder part(int from, Json value) {
        return Concealment.newBuilder()
                .setFrom(from)
                .setTo(from + value.length())
                .setReplacement(ByteString.EMPTY);
    }

    /// A key and its value.
    private static Concealment.Builder wholeMember(Json value, Json d) {
        return Concealment.newBuilder()
                .setFrom(value.keyIndexIn(d))
                .setTo(value.indexIn(d) + value.length())
                .setReplacement(ByteString.EMPTY);
    }
}
