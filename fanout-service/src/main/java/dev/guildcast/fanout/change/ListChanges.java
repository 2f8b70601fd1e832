package dev.guildcast.fanout.change;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.payload.EventPayloads;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Emits what a snapshot changed in a list: some lists as a whole, others item by item.
final class ListChanges {
    private static final Map<String, String> LIST_EVENT_TYPES = Map.of(
            "emojis", "GUILD_EMOJIS_UPDATE",
            "stickers", "GUILD_STICKERS_UPDATE",
            "soundboard_sounds", "GUILD_SOUNDBOARD_SOUNDS_UPDATE");
    private static final Map<String, String> ITEM_EVENT_PREFIXES = Map.of(
            "stage_instances", "STAGE_INSTANCE",
            "guild_scheduled_events", "GUILD_SCHEDULED_EVENT");

    private ListChanges() {}

    static void emit(GuildView view, String name, @Nullable GuildList before, ChangeEmitter emitter) {
        GuildList now = view.lists().get(name);
        List<GuildList.Item> old = before == null ? List.of() : before.items();
        List<GuildList.Item> items = now == null ? List.of() : now.items();
        if (old.equals(items)) {
            return;
        }
        String whole = LIST_EVENT_TYPES.get(name);
        if (whole != null) {
            emitter.emitDerived(whole, Scope.EVERYONE, new EventPayloads(view).list(name));
        }
        String prefix = ITEM_EVENT_PREFIXES.get(name);
        if (prefix != null && before != null) {
            emitItemChanges(view, prefix, before, items, emitter);
        } else if (prefix != null) {
            items.forEach(item -> emitItem(view, prefix + "_CREATE", item, emitter));
        }
    }

    private static void emitItemChanges(
            GuildView view, String prefix, GuildList before, List<GuildList.Item> items, ChangeEmitter emitter) {
        for (GuildList.Item item : items) {
            GuildList.Item old = before.item(item.id());
            if (old == null) {
                emitItem(view, prefix + "_CREATE", item, emitter);
            } else if (!old.equals(item)) {
                emitItem(view, prefix + "_UPDATE", item, emitter);
            }
        }
        for (GuildList.Item old : before.items()) {
            if (items.stream().noneMatch(item -> item.id() == old.id())) {
                emitItem(view, prefix + "_DELETE", old, emitter);
            }
        }
    }

    private static void emitItem(GuildView view, String type, GuildList.Item item, ChangeEmitter emitter) {
        if (item.channelId() == 0) {
            emitter.emitDerived(type, Scope.EVERYONE, item.json());
            return;
        }
        Channel channel = view.channel(item.channelId());
        if (channel != null) {
            emitter.emitDerived(type, new Scope.Viewers(channel), item.json());
        }
    }
}
