package dev.guildcast.fanout.change;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.payload.EventPayloads;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.shard.Outputs;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Emits what a snapshot changed in a list: some lists as a whole, others item by item.
final class ListMutationApplier {
    private static final Map<String, String> LIST_EVENT_TYPES = Map.of(
            "emojis", "GUILD_EMOJIS_UPDATE",
            "stickers", "GUILD_STICKERS_UPDATE",
            "soundboard_sounds", "GUILD_SOUNDBOARD_SOUNDS_UPDATE");
    private static final Map<String, String> ITEM_EVENT_PREFIXES = Map.of(
            "stage_instances", "STAGE_INSTANCE",
            "guild_scheduled_events", "GUILD_SCHEDULED_EVENT");

    private final GuildContext guild;
    private final Outputs out;

    ListMutationApplier(GuildContext guild, Outputs out) {
        this.guild = guild;
        this.out = out;
    }

    void emit(String name, @Nullable GuildList before) {
        GuildList now = guild.view().lists().get(name);
        List<GuildList.Item> old = before == null ? List.of() : before.items();
        List<GuildList.Item> items = now == null ? List.of() : now.items();
        if (old.equals(items)) {
            return;
        }
        String whole = LIST_EVENT_TYPES.get(name);
        if (whole != null) {
            guild.eventEmitter().emitDerived(out, whole, new EventPayloads(guild.view()).list(name), Scope.EVERYONE);
        }
        String prefix = ITEM_EVENT_PREFIXES.get(name);
        if (prefix != null && before != null) {
            emitItemChanges(prefix, before, items);
        } else if (prefix != null) {
            items.forEach(item -> emitItem(prefix + "_CREATE", item));
        }
    }

    private void emitItemChanges(String prefix, GuildList before, List<GuildList.Item> items) {
        for (GuildList.Item item : items) {
            GuildList.Item old = before.item(item.id());
            if (old == null) {
                emitItem(prefix + "_CREATE", item);
            } else if (!old.equals(item)) {
                emitItem(prefix + "_UPDATE", item);
            }
        }
        for (GuildList.Item old : before.items()) {
            if (items.stream().noneMatch(item -> item.id() == old.id())) {
                emitItem(prefix + "_DELETE", old);
            }
        }
    }

    private void emitItem(String type, GuildList.Item item) {
        if (item.channelId() == 0) {
            guild.eventEmitter().emitDerived(out, type, item.json(), Scope.EVERYONE);
            return;
        }
        Channel channel = guild.view().channel(item.channelId());
        if (channel != null) {
            guild.eventEmitter().emitDerived(out, type, item.json(), new Scope.Viewers(channel));
        }
    }
}
