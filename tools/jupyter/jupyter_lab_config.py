"""JupyterLab as the course starts it: no question, and no request, leaves the machine."""

c = get_config()  # noqa: F821  (JupyterLab puts it there)
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
