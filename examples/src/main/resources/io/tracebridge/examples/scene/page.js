// Sends the form, shows the scene or the failure, and the trace id that came with the response.
const form = document.getElementById('form');
const result = document.getElementById('result');
const stage = document.getElementById('stage');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  result.textContent = 'Generating …';
  const response = await fetch('/api/generate?wait=1', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      projectId: 'page',
      message: document.getElementById('message').value,
      fault: event.submitter?.value ?? 'none',
    }),
  });
  const trace = response.headers.get('X-Trace-Id') ?? 'none';
  const body = await response.json();
  if (response.ok) {
    stage.src = `/api/scenes/${body.sceneId}`;
    result.textContent = `Done. Trace ${trace}`;
  } else {
    result.textContent = `${body.error}. Trace ${trace}`;
  }
});
