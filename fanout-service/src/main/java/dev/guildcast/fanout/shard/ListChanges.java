package dev.guildcast.fanout.shard;

import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.fanout.event.GuildView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells what a document changed in a list: some lists as a whole, others item by item.
final class ListChanges {
    private static final Map<String, String> WHOLE = Map.of(
            "emojis", "GUILD_EMOJIS_UPDATE",
            "stickers", "GUILD_STICKERS_UPDATE",
            "soundboard_sounds", "GUILD_SOUNDBOARD_SOUNDS_UPDATE");
    private static final Map<String, String> BY_ITEM = Map.of(
            "stage_instances", "STAGE_INSTANCE",
            "guild_scheduled_events", "GUILD_SCHEDULED_EVENT");

    private ListChanges() {}

    static void tell(GuildView view, String name, @Nullable GuildList before, Teller teller) {
        GuildList now = view.lists().get(name);
        List<GuildList.Item> old = before == null ? List.of() : before.items();
        List<GuildList.Item> items = now == null ? List.of() : now.items();
        if (old.equals(items)) {
            return;
        }
        String whole = WHOLE.get(name);
        if (whole != null) {
            teller.tellOwn(whole, Scope.EVERYONE, new Words(view).list(name));
        }
        String prefix = BY_ITEM.get(name);
        if (prefix != null && before != null) {
            byItem(view, prefix, before, items, teller);
        } else if (prefix != null) {
            items.forEach(item -> tellItem(view, prefix + "_CREATE", item, teller));
        }
    }

    private static void byItem(
            GuildView view, String prefix, GuildList before, List<GuildList.Item> items, Teller teller) {
        for (GuildList.Item item : items) {
            GuildList.Item old = before.item(item.id());
            if (old == null) {
                tellItem(view, prefix + "_CREATE", item, teller);
            } else if (!old.equals(item)) {
                tellItem(view, prefix + "_UPDATE", item, teller);
            }
        }
        for (GuildList.Item old : before.items()) {
            if (items.stream().noneMatch(item -> item.id() == old.id())) {
                tellItem(view, prefix + "_DELETE", old, teller);
            }
        }
    }

    private static void tellItem(GuildView view, String type, GuildList.Item item, Teller teller) {
        if (item.channelId() == 0) {
            teller.tellOwn(type, Scope.EVERYONE, item.json());
            return;
        }
        Channel channel = view.channel(item.channelId());
        if (channel != null) {
            teller.tellOwn(type, new Scope.Viewers(channel), item.json());
        }
    }
}
