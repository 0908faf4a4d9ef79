/** The emoji people and bots write by name. A name that is not here stays as it was written. */

const NAMES = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 wave 👋 ok_hand 👌 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪 point_right 👉
point_left 👈 point_up ☝️ point_down 👇 raised_hand ✋ writing_hand ✍️ handshake 🤝
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 blush 😊 wink 😉 slightly_smiling_face 🙂 upside_down_face 🙃
thinking_face 🤔 neutral_face 😐 confused 😕 worried 😟 cry 😢 sob 😭 sweat_smile 😅 relieved 😌 sunglasses 😎
heart_eyes 😍 hugging_face 🤗 sleeping 😴 face_with_rolling_eyes 🙄 open_mouth 😮 tada 🎉 confetti_ball 🎊
heart ❤️ green_heart 💚 blue_heart 💙 yellow_heart 💛 purple_heart 💜 broken_heart 💔 sparkles ✨ star ⭐ star2 🌟
fire 🔥 zap ⚡ boom 💥 rocket 🚀 eyes 👀 speech_balloon 💬 thought_balloon 💭 100 💯
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 exclamation ❗ grey_exclamation ❕ question ❓
bangbang ‼️ information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢
large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠 red_circle 🔴 large_blue_circle 🔵
large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_green_square 🟩 large_yellow_square 🟨 large_red_square 🟥
white_large_square ⬜ black_large_square ⬛ small_red_triangle 🔺 small_red_triangle_down 🔻
arrow_up ⬆️ arrow_down ⬇️ arrow_right ➡️ arrow_left ⬅️ arrow_upper_right ↗️ arrow_lower_right ↘️
arrows_counterclockwise 🔄 leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ heavy_plus_sign ➕ heavy_minus_sign ➖
calendar 📆 date 📅 spiral_calendar_pad 🗓️ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛
hourglass_flowing_sand ⏳ watch ⌚ clock1 🕐 clock3 🕒 clock9 🕘 clock12 🕛
phone ☎️ telephone ☎️ telephone_receiver 📞 iphone 📱 computer 💻 email 📧 envelope ✉️ incoming_envelope 📨
inbox_tray 📥 outbox_tray 📤 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 page_with_curl 📃
bookmark_tabs 📑 notebook 📓 ledger 📒 books 📚 file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 receipt 🧾 moneybag 💰 dollar 💵 bank 🏦
mag 🔍 mag_right 🔎 lock 🔒 unlock 🔓 key 🔑 link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 wrench 🔧 gear ⚙️
wastebasket 🗑️ package 📦 label 🏷️ hospital 🏥 pill 💊 syringe 💉 stethoscope 🩺 ambulance 🚑 brain 🧠
adhesive_bandage 🩹 house 🏠 office 🏢 sunny ☀️ sunrise 🌅 crescent_moon 🌙 cloud ☁️ umbrella ☔ snowflake ❄️
coffee ☕ robot_face 🤖 wheelchair ♿ busts_in_silhouette 👥 bust_in_silhouette 👤 family 👪 cat 🐱 dog 🐶 seedling 🌱
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣
`;

const EMOJI = new Map();
const words = NAMES.trim().split(/\s+/);
for (let place = 0; place < words.length; place += 2) EMOJI.set(words[place], words[place + 1]);

/** The character of a name, or null. */
export function emoji(name) {
  return EMOJI.get(name) ?? null;
}

/** Plain text with its `:names:` replaced. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}
