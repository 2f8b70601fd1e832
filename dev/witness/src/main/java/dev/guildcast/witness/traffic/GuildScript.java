package dev.guildcast.witness.traffic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What happens in one guild: mostly talk, and now and then a change of who may hear it.
///
/// - **Owner:** the thread that makes the plan.
/// - **Bound:** the last [#RECENT_MAX] messages can be edited, deleted and reacted to.
/// - **Promise:** every event is possible where it stands: nobody speaks in a channel that is gone, and nothing is
///   removed twice.
final class GuildScript {
    private static final int RECENT_MAX = 50;
    private static final int CREATED_MAX = 4;

    private final GuildDraft guild;
    private final List<String> clients;
    private final Random random;
    private final Ids ids;
    private final Messages messages;
    private final Structure structure;
    private final Deque<ObjectNode> recent = new ArrayDeque<>();
    private final Map<String, Long> movedMillis = new HashMap<>();

    GuildScript(ObjectNode document, List<String> clients, Random random, Ids ids) {
        this.guild = new GuildDraft(document);
        this.clients = clients.stream().filter(guild.members::containsKey).toList();
        this.random = random;
        this.ids = ids;
        this.messages = new Messages(random, ids);
        this.structure = new Structure(guild, this.clients, random, ids, messages, CREATED_MAX);
        if (guild.textChannels().isEmpty()) {
            throw new IllegalArgumentException("guild " + guild.id + " has no text channel");
        }
    }

    /// @param totalMillis when traffic ends
    Draft next(long dueMillis, long totalMillis) {
        int ticket = random.nextInt(100);
        if (ticket < 3) {
            Draft moved = clientMoves(dueMillis, totalMillis);
            return moved == null ? message() : moved;
        }
        if (ticket < 14) {
            Draft changed = structure.next();
            forgetLostMessages();
            return changed;
        }
        if (ticket < 19) {
            return typing();
        }
        return recent.isEmpty() || ticket >= 34 ? message() : aboutMessage(ticket);
    }

    /// A message by a webhook-like guest into the channel that is never hidden or removed.
    Draft messageOfGuest() {
        ObjectNode author = Messages.JSON.createObjectNode();
        author.put("id", guild.id)
                .put("username", "guest")
                .put("discriminator", "0")
                .putNull("avatar");
        author.put("bot", true);
        ObjectNode body = messages.create(guild.textChannels().getFirst(), author);
        body.put("guild_id", guild.id).put("webhook_id", guild.id);
        return Draft.guild(guild.id, "MESSAGE_CREATE", body);
    }

    private Draft message() {
        String channel = any(guild.textChannels());
        String author = any(List.copyOf(guild.members.keySet()));
        ObjectNode body = messages.create(channel, user(author)).put("guild_id", guild.id);
        body.set("member", guild.memberOfMessage(author));
        if (random.nextInt(8) == 0 && !clients.isEmpty()) {
            String mentioned = any(clients);
            if (guild.members.containsKey(mentioned)) {
                // Without the optional member object: JDA takes that out before it hands the event on.
                body.withArray("mentions").add(user(mentioned).deepCopy());
                body.put(
                        "content",
                        "<@" + mentioned + "> " + body.path("content").asString(""));
            }
        }
        recent.addLast(body);
        if (recent.size() > RECENT_MAX) {
            recent.removeFirst();
        }
        return Draft.guild(guild.id, "MESSAGE_CREATE", body.deepCopy());
    }

    private Draft aboutMessage(int ticket) {
        ObjectNode message = any(List.copyOf(recent));
        if (ticket < 25) {
            return Draft.guild(guild.id, "MESSAGE_UPDATE", messages.edited(message));
        }
        ObjectNode body = guild.of();
        body.set("channel_id", message.path("channel_id"));
        if (ticket < 29) {
            recent.remove(message);
            body.set("id", message.path("id"));
            return Draft.guild(guild.id, "MESSAGE_DELETE", body);
        }
        String who = any(List.copyOf(guild.members.keySet()));
        body.set("message_id", message.path("id"));
        body.put("user_id", who).put("burst", false).put("type", 0);
        body.putObject("emoji").putNull("id").put("name", "👍");
        body.set("member", guild.members.getOrDefault(who, guild.of()).deepCopy());
        return Draft.guild(guild.id, "MESSAGE_REACTION_ADD", body);
    }

    private Draft typing() {
        String who = any(List.copyOf(guild.members.keySet()));
        ObjectNode body =
                guild.of().put("channel_id", any(guild.textChannels())).put("user_id", who);
        body.put("timestamp", ids.seconds());
        body.set("member", guild.members.getOrDefault(who, guild.of()).deepCopy());
        return Draft.guild(guild.id, "TYPING_START", body);
    }

    /// A client leaves its guild, or comes back. Not too often: each stay has to be long enough to be noticed; and all
    /// are back before the end.
    private @Nullable Draft clientMoves(long dueMillis, long totalMillis) {
        var movable = new ArrayList<String>();
        for (String client : clients) {
            boolean isAway = guild.away.containsKey(client);
            long since = dueMillis - movedMillis.getOrDefault(client, -Structure.STAY_MILLIS / 2);
            boolean late = dueMillis > totalMillis * 3 / 4;
            if (isAway ? since > 3_000 : since > Structure.STAY_MILLIS && !late) {
                movable.add(client);
            }
        }
        if (movable.isEmpty()) {
            return null;
        }
        String client = any(movable);
        movedMillis.put(client, dueMillis);
        return guild.away.containsKey(client) ? guild.join(client, ids.time()) : guild.leave(client);
    }

    private void forgetLostMessages() {
        recent.removeIf(message ->
                !guild.channels.containsKey(message.path("channel_id").asString("")));
    }

    private JsonNode user(String id) {
        return guild.members.getOrDefault(id, guild.of()).path("user");
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
