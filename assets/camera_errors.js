// streamlit-webrtc shows the browser's own error ("NotAllowedError: Permission denied") where the camera does not start.
// This puts the page's sentence in its place.

const WIDGET = "iframe[title^='streamlit_webrtc']";
const TEXT = "[role=alert] .MuiAlert-message";
const LOOK_MS = 300;

export default function ({ data }) {
  const look = () => {
    for (const widget of document.querySelectorAll(WIDGET)) {
      for (const message of widget.contentDocument?.querySelectorAll(TEXT) ?? []) {
        const name = Object.keys(data.sentences).find((error) => message.textContent.startsWith(error));
        if (!name) continue;
        message.textContent = data.sentences[name];
        widget.height = widget.contentDocument.body.scrollHeight; // it may need more lines
      }
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}
