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

/// Generates the events of one guild: mostly messages, and now and then a change of who may see them.
///
/// - **Owner:** the thread that generates the plan.
/// - **Bound:** the last [#RECENT_MAX] messages can be edited, deleted and reacted to.
/// - **Promise:** every event is valid in the state at its position: no message in a deleted channel, no entity deleted
///   twice.
final class GuildScript {
    /// Changes refer to messages that clients are likely to have seen lately.
    private static final int RECENT_MAX = 50;
    /// Guilds keep their size however long a run is.
    private static final int CREATED_MAX = 4;

    private final PlannedGuild guild;
    private final List<String> clients;
    private final Random random;
    private final SeededIds ids;
    private final MessageFactory messages;
    private final GuildChangeScript changes;
    private final Deque<ObjectNode> recent = new ArrayDeque<>();
    private final Map<String, Long> movedAtMillis = new HashMap<>();

    GuildScript(ObjectNode snapshot, List<String> clients, Random random, SeededIds ids) {
        this.guild = new PlannedGuild(snapshot);
        this.clients = clients.stream().filter(guild.members::containsKey).toList();
        this.random = random;
        this.ids = ids;
        this.messages = new MessageFactory(random, ids);
        this.changes = new GuildChangeScript(guild, this.clients, random, ids, messages, CREATED_MAX);
        if (guild.textChannels().isEmpty()) {
            throw new IllegalArgumentException("guild " + guild.id + " has no text channel");
        }
    }

    /// @param totalMillis when traffic ends
    EventDraft next(long dueMillis, long totalMillis) {
        int roll = random.nextInt(100);
        if (roll < 3) {
            EventDraft moved = clientJoinsOrLeaves(dueMillis, totalMillis);
            return moved == null ? message() : moved;
        }
        if (roll < 14) {
            EventDraft changed = changes.next();
            forgetMessagesOfDeletedChannels();
            return changed;
        }
        if (roll < 19) {
            return typing();
        }
        return recent.isEmpty() || roll >= 34 ? message() : messageChange(roll);
    }

    /// A webhook-like message of a guest in the channel that is never hidden or deleted.
    EventDraft guestMessage() {
        ObjectNode author = MessageFactory.JSON.createObjectNode();
        author.put("id", guild.id)
                .put("username", "guest")
                .put("discriminator", "0")
                .putNull("avatar");
        author.put("bot", true);
        ObjectNode body = messages.create(guild.textChannels().getFirst(), author);
        body.put("guild_id", guild.id).put("webhook_id", guild.id);
        return EventDraft.guild(guild.id, "MESSAGE_CREATE", body);
    }

    private EventDraft message() {
        String channel = any(guild.textChannels());
        String author = any(List.copyOf(guild.members.keySet()));
        ObjectNode body = messages.create(channel, user(author)).put("guild_id", guild.id);
        body.set("member", guild.memberOfMessage(author));
        if (random.nextInt(8) == 0 && !clients.isEmpty()) {
            String mentioned = any(clients);
            if (guild.members.containsKey(mentioned)) {
                // Without the optional member object, which JDA removes before it passes the event on.
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
        return EventDraft.guild(guild.id, "MESSAGE_CREATE", body.deepCopy());
    }

    private EventDraft messageChange(int roll) {
        ObjectNode message = any(List.copyOf(recent));
        if (roll < 25) {
            return EventDraft.guild(guild.id, "MESSAGE_UPDATE", messages.edited(message));
        }
        ObjectNode body = guild.newBody();
        body.set("channel_id", message.path("channel_id"));
        if (roll < 29) {
            recent.remove(message);
            body.set("id", message.path("id"));
            return EventDraft.guild(guild.id, "MESSAGE_DELETE", body);
        }
        String who = any(List.copyOf(guild.members.keySet()));
        body.set("message_id", message.path("id"));
        body.put("user_id", who).put("burst", false).put("type", 0);
        body.putObject("emoji").putNull("id").put("name", "👍");
        body.set("member", guild.members.getOrDefault(who, guild.newBody()).deepCopy());
        return EventDraft.guild(guild.id, "MESSAGE_REACTION_ADD", body);
    }

    private EventDraft typing() {
        String who = any(List.copyOf(guild.members.keySet()));
        ObjectNode body =
                guild.newBody().put("channel_id", any(guild.textChannels())).put("user_id", who);
        body.put("timestamp", ids.seconds());
        body.set("member", guild.members.getOrDefault(who, guild.newBody()).deepCopy());
        return EventDraft.guild(guild.id, "TYPING_START", body);
    }

    /// A client leaves its guild or joins it again. Not too often: each membership must last long enough to be visible.
    /// All have joined again before the end.
    private @Nullable EventDraft clientJoinsOrLeaves(long dueMillis, long totalMillis) {
        var movable = new ArrayList<String>();
        for (String client : clients) {
            boolean isAbsent = guild.absent.containsKey(client);
            long since = dueMillis - movedAtMillis.getOrDefault(client, -GuildChangeScript.MEMBERSHIP_MILLIS_MIN / 2);
            boolean late = dueMillis > totalMillis * 3 / 4;
            if (isAbsent ? since > 3_000 : since > GuildChangeScript.MEMBERSHIP_MILLIS_MIN && !late) {
                movable.add(client);
            }
        }
        if (movable.isEmpty()) {
            return null;
        }
        String client = any(movable);
        movedAtMillis.put(client, dueMillis);
        return guild.absent.containsKey(client) ? guild.join(client, ids.time()) : guild.leave(client);
    }

    private void forgetMessagesOfDeletedChannels() {
        recent.removeIf(message ->
                !guild.channels.containsKey(message.path("channel_id").asString("")));
    }

    private JsonNode user(String id) {
        return guild.members.getOrDefault(id, guild.newBody()).path("user");
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
